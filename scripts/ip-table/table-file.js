/** Writes what src/addresses/table-file.ts reads; the layout is there and in docs/ip-table.md. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

const VERSION = 1;
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
  const counts = new Array(BUCKETS).fill(0);
  for (const start of starts) counts[Math.floor(start / perBucket)] += 1;
  const differences = starts.map((start, place) => {
    const difference = (start % perBucket) - ((starts[place - 1] ?? 0) % perBucket);
    return (difference + perBucket) % perBucket;
  });
  return Buffer.concat([
    littleEndian([starts.length], 4),
    littleEndian(counts, 2),
    littleEndian(differences, lowBits / 8),
    Buffer.from(owners),
    Buffer.from(kinds),
  ]);
}

function littleEndian(values, length) {
  const bytes = Buffer.alloc(values.length * length);
  for (const [place, value] of values.entries()) bytes.writeUIntLE(value, place * length, length);
  return bytes;
}
