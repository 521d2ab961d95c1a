/** Writes what src/geoip/table-file.ts reads; the layout is there and in docs/ip-table.md. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

const VERSION = 2;
const BUCKETS = 65_536;

/**
 * The bytes of a table.
 *
 * `v4` and `v6` are ranges of networks of `v4Length` and `v6Length` bits, valued `{ country, kind }`;
 * the country a code of two letters. `date` is YYYYMMDD.
 */
export function tableFile({ date, sources, v4Length, v6Length, v4, v6 }) {
  const countries = [...new Set([...v4, ...v6].map(([, , { country }]) => country))].sort();
  const v4Part = part(v4, countries, 16, 2 ** (32 - v4Length));
  const v6Part = part(v6, countries, 32, 2 ** (48 - v6Length));
  const v4Packed = packed(v4Part);
  const text = Buffer.from(sources);
  const rest = Buffer.concat([
    Buffer.from(date, 'latin1'),
    Buffer.from([v4Length, countries.length, text.length]),
    littleEndian([v4Packed.length, v4Part.length, v6Part.length], 4),
    text,
    Buffer.from(countries.join(''), 'latin1'),
    v4Packed,
    packed(v6Part),
  ]);
  const sha256 = createHash('sha256').update(rest).digest();
  return Buffer.concat([Buffer.from('FSIP', 'latin1'), Buffer.from([VERSION]), sha256, rest]);
}

function packed(bytes) {
  return deflateSync(bytes, { level: 9, memLevel: 9 });
}

/** The columns of runs that cover the whole space; what is in no range belongs to nobody. */
function part(ranges, countries, lowBits, unit) {
  const starts = [];
  const owners = [];
  const kinds = [];
  const add = (start, owner, kind) => {
    starts.push(start * unit);
    owners.push(owner);
    kinds.push(kind);
  };
  let next = 0;
  for (const [first, last, { country, kind }] of ranges) {
    if (first > next) add(next, 0, 0);
    add(first, countries.indexOf(country) + 1, kind);
    next = last + 1;
  }
  add(next, 0, 0);
  const perBucket = 2 ** lowBits;
  const index = new Array(BUCKETS + 1).fill(0);
  for (const start of starts) index[Math.floor(start / perBucket) + 1] += 1;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) index[bucket + 1] += index[bucket];
  const lows = starts.map((start) => start % perBucket);
  return Buffer.concat([
    littleEndian([starts.length], 4),
    littleEndian(index, 4),
    lowBits === 16 ? littleEndian(lows, 2) : littleEndian(differences(lows, perBucket), 4),
    Buffer.from(owners),
    Buffer.from(kinds),
  ]);
}

/** Each less the one before: IPv6, of which there is much, compresses to a seventh that way. */
function differences(lows, perBucket) {
  return lows.map((low, place) => (low - (lows[place - 1] ?? 0) + perBucket) % perBucket);
}

function littleEndian(values, length) {
  const bytes = Buffer.alloc(values.length * length);
  for (const [place, value] of values.entries()) bytes.writeUIntLE(value, place * length, length);
  return bytes;
}
