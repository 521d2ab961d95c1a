import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { FraudstreamError } from '../errors.ts';

/**
 * An address space cut into runs, each of one owner; a run ends where the next begins.
 *
 * A start is two parts: its first 16 bits are a bucket, the rest stands in `lows`. The runs that
 * begin in bucket b are those from `index[b]` up to, but not including, `index[b + 1]`.
 * Shapes: `index` 65 537; the others one for each run. `countries` 0 is nobody, 1 the first.
 */
export interface Runs {
  readonly index: Uint32Array;
  readonly lows: Uint16Array | Uint32Array;
  readonly countries: Uint8Array;
  readonly kinds: Uint8Array;
}

/** Buckets of an address space: the values of the first 16 bits. */
export const BUCKETS = 65_536;

/** The run that an address is in; `low` is what follows the 16 bits of its bucket. */
export function runOf({ index, lows }: Runs, bucket: number, low: number): number {
  // Where no run of the bucket begins at or before the address, it is in the last run before them.
  let first = (index[bucket] as number) - 1;
  let last = (index[bucket + 1] as number) - 1;
  while (first < last) {
    const middle = (first + last + 1) >> 1;
    if ((lows[middle] as number) <= low) first = middle;
    else last = middle - 1;
  }
  return first;
}

/** The first address of each run, and the end of the space: `perBucket` addresses in each bucket. */
export function startsOf({ index, lows }: Runs, perBucket: number): Float64Array {
  const starts = new Float64Array(lows.length + 1).fill(perBucket * BUCKETS);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const end = index[bucket + 1] as number;
    for (let run = index[bucket] as number; run < end; run += 1) {
      starts[run] = bucket * perBucket + (lows[run] as number);
    }
  }
  return starts;
}

/**
 * What a table file holds.
 *
 * Shapes: `countries` codes of two letters, the first is number 1 in the runs. `v4` has addresses of
 * 32 bits, `v6` the first 48 bits of addresses.
 * Units: `date` YYYYMMDD, when its sources were published; `v4Length` bits of an IPv4 network, all of
 * whose addresses have one owner.
 */
export interface TableFile {
  readonly date: string;
  readonly sources: string;
  readonly sha256: string;
  readonly v4Length: number;
  readonly countries: readonly string[];
  readonly v4: Runs;
  /** Unpacked when first asked for. */
  v6(): Runs;
}

const VERSION = 2;
const offsets = {
  version: 4,
  sha256: 5,
  checked: 37,
  date: 37,
  v4Length: 45,
  sizes: 48,
  sources: 60,
};

/**
 * Reads a table file. All numbers are little-endian.
 *
 *     offset  length  meaning
 *     0       4       "FSIP"
 *     4       1       version of the format: 2
 *     5       32      SHA-256 of all that follows
 *     37      8       date, YYYYMMDD
 *     45      1       bits of an IPv4 network that has one owner
 *     46      1       number of countries, C
 *     47      1       length of the text of sources, S
 *     48      4       length of the part of IPv4, compressed, P
 *     52      4       length of the part of IPv4, inflated
 *     56      4       length of the part of IPv6, inflated
 *     60      S       sources, UTF-8
 *     60 + S  2 * C   codes of the countries, two letters each
 *     ...     P       the part of IPv4, compressed (zlib, RFC 1950)
 *     ...             the part of IPv6, compressed; to the end of the file
 *
 *     Each part: 4    number of runs, R
 *     65537 * 4       for each bucket, and behind the last, how many runs begin before it
 *     R * 2 (v6: 4)   low bits of each start; of v6 less those of the start before, modulo 2^32
 *     R               country of each run
 *     R               kind of each run
 *
 * IPv4 is used as it is inflated: a table is mostly loaded once, while no loop is compiled yet. IPv6
 * would take 160 kB more that way.
 *
 * Errors: throws `bad-data` for a file that is damaged or of another version.
 */
export function readTableFile(bytes: Uint8Array): TableFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkFile(file);
  const [v4Length = 0, countryCount = 0, sourcesLength = 0] = file.subarray(offsets.v4Length);
  const [v4Packed = 0, v4Size = 0, v6Size = 0] = [0, 4, 8].map((index) =>
    file.readUInt32LE(offsets.sizes + index),
  );
  const codesAt = offsets.sources + sourcesLength;
  const v4At = codesAt + countryCount * 2;
  const v6At = v4At + v4Packed;
  let v6: Runs | undefined;
  return {
    date: file.toString('latin1', offsets.date, offsets.v4Length),
    sources: file.toString('utf8', offsets.sources, codesAt),
    sha256: file.toString('hex', offsets.sha256, offsets.checked),
    v4Length,
    countries: file.toString('latin1', codesAt, v4At).match(/../g) ?? [],
    v4: v4Runs(inflated(file.subarray(v4At, v6At), v4Size)),
    v6() {
      v6 ??= v6Runs(inflated(file.subarray(v6At), v6Size));
      return v6;
    },
  };
}

function checkFile(file: Buffer): void {
  const advice = 'Install fraudstream again, or run scripts/build-ip-table.js.';
  const refuse = (reason: string): never => {
    throw new FraudstreamError('bad-data', `${reason} ${advice}`);
  };
  if (file.length < offsets.sources || file.toString('latin1', 0, offsets.version) !== 'FSIP') {
    refuse(`This is no table of IP ranges: ${file.length} bytes that do not begin with FSIP.`);
  }
  const version = file[offsets.version];
  if (version !== VERSION) refuse(`The table of IP ranges has version ${version}, not ${VERSION}.`);
  const expected = file.toString('hex', offsets.sha256, offsets.checked);
  const seen = createHash('sha256').update(file.subarray(offsets.checked)).digest('hex');
  if (expected !== seen) {
    refuse(`The table of IP ranges is damaged: its SHA-256 is ${seen}, not ${expected}.`);
  }
}

/** Inflates in one piece: the size is known. */
function inflated(packed: Uint8Array, size: number): Buffer {
  return inflateSync(packed, { chunkSize: size + 1 });
}

function v4Runs(part: Buffer): Runs {
  const { index, lowsAt, count } = beginOf(part);
  const lows = new Uint16Array(part.buffer, part.byteOffset + lowsAt, count);
  return { index, lows, ...ownersOf(part, count) };
}

function v6Runs(part: Buffer): Runs {
  const { index, lowsAt, count } = beginOf(part);
  const lows = new Uint32Array(part.buffer, part.byteOffset + lowsAt, count);
  let low = 0;
  for (let run = 0; run < count; run += 1) {
    low = (low + (lows[run] as number)) | 0;
    lows[run] = low;
  }
  return { index, lows, ...ownersOf(part, count) };
}

/** What both parts begin with; so long a buffer has memory of its own, where numbers may lie. */
function beginOf(part: Buffer): {
  readonly index: Uint32Array;
  readonly lowsAt: number;
  readonly count: number;
} {
  const index = new Uint32Array(part.buffer, part.byteOffset + 4, BUCKETS + 1);
  return { index, lowsAt: 4 + index.byteLength, count: part.readUInt32LE(0) };
}

/** The last two columns. */
function ownersOf(part: Buffer, count: number): Pick<Runs, 'countries' | 'kinds'> {
  const kindsAt = part.length - count;
  return { countries: part.subarray(kindsAt - count, kindsAt), kinds: part.subarray(kindsAt) };
}
