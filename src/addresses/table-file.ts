import { createHash } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import { FraudstreamError } from '../fraudstream-error.ts';
import { BUCKETS, type Runs } from './runs.ts';

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

const VERSION = 1;
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
 *     4       1       version of the format: 1
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
 *     65536 * 2       for each bucket, how many runs begin in it
 *     R * 2 (v6: 4)   low bits of each start, less those of the start before, modulo 2^16 (2^32)
 *     R               country of each run
 *     R               kind of each run
 *
 * Errors: throws `bad-data` for a file that is damaged or of another version.
 */
export function readTableFile(bytes: Uint8Array): TableFile {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkFile(file);
  const [v4Length = 0, countryCount = 0, sourcesLength = 0] = file.subarray(offsets.v4Length);
  const [v4Packed = 0, v4Size = 0, v6Size = 0] = [0, 4, 8].map((place) =>
    file.readUInt32LE(offsets.sizes + place),
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
    v4: runsOf(inflated(file.subarray(v4At, v6At), v4Size), Uint16Array),
    v6() {
      v6 ??= runsOf(inflated(file.subarray(v6At), v6Size), Uint32Array);
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
  const told = file.toString('hex', offsets.sha256, offsets.checked);
  const seen = createHash('sha256').update(file.subarray(offsets.checked)).digest('hex');
  if (told !== seen) {
    refuse(`The table of IP ranges is damaged: its SHA-256 is ${seen}, not ${told}.`);
  }
}

/** Inflates in one piece: the size is known. */
function inflated(packed: Uint8Array, size: number): Buffer {
  return inflateSync(packed, { chunkSize: size + 1 });
}

function runsOf(part: Buffer, Lows: typeof Uint16Array | typeof Uint32Array): Runs {
  const count = part.readUInt32LE(0);
  const lowsAt = 4 + BUCKETS * 2;
  const countriesAt = lowsAt + count * Lows.BYTES_PER_ELEMENT;
  const kindsAt = countriesAt + count;
  // So long a buffer has memory of its own, from whose beginning all numbers lie where they may lie.
  const { buffer, byteOffset } = part;
  const steps = new Lows(buffer, byteOffset + lowsAt, count);
  const index = new Uint32Array(BUCKETS + 1);
  index.set(new Uint16Array(buffer, byteOffset + 4, BUCKETS), 1);
  // The longer one first: what is compiled while it is summed serves the other.
  const lows = summed(new Uint32Array(steps));
  return {
    index: summed(index),
    lows: new Lows(lows),
    countries: part.subarray(countriesAt, kindsAt),
    kinds: part.subarray(kindsAt),
  };
}

/**
 * Each number the sum of those up to it, modulo 2^32; to 16 bits it is cut off by who needs no more.
 *
 * All sums are made here, of one type of array: a table is mostly loaded once, while nothing is
 * compiled yet, and a second loop would cost as much again.
 */
function summed(numbers: Uint32Array): Uint32Array {
  let sum = 0;
  for (let place = 0; place < numbers.length; place += 1) {
    sum = (sum + (numbers[place] as number)) | 0;
    numbers[place] = sum;
  }
  return numbers;
}
