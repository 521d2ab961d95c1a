/** Writes what src/addresses/table-file.ts reads; the layout is in docs/ip-table.md. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

const VERSION = 1;

/**
 * The bytes of a table.
 *
 * `v4` and `v6` are ranges of networks of `v4Length` and `v6Length` bits, valued `{ country, kind }`;
 * the country a code of two letters. `date` is YYYYMMDD.
 */
export function tableFile({ date, source, v4Length, v6Length, v4, v6 }) {
  const countries = [...new Set([...v4, ...v6].map(([, , { country }]) => country))].sort();
  const columns = Buffer.concat([
    Buffer.from(countries.join(''), 'latin1'),
    ...runColumns(v4, countries),
    ...runColumns(v6, countries),
  ]);
  const text = Buffer.from(source);
  const rest = Buffer.concat([
    Buffer.from(date, 'latin1'),
    Buffer.from([v4Length, v6Length, countries.length, text.length]),
    uint32(columns.length),
    text,
    deflateSync(columns, { level: 9, memLevel: 9 }),
  ]);
  const sha256 = createHash('sha256').update(rest).digest();
  return Buffer.concat([Buffer.from('FSIP', 'latin1'), Buffer.from([VERSION]), sha256, rest]);
}

/** Lengths, countries and kinds of runs that cover all networks from 0 up to the last range. */
function runColumns(ranges, countries) {
  const lengths = [];
  const owners = [];
  const kinds = [];
  const add = (length, owner, kind) => {
    pushVarint(lengths, length);
    owners.push(owner);
    kinds.push(kind);
  };
  let next = 0;
  for (const [first, last, { country, kind }] of ranges) {
    if (first > next) add(first - next, 0, 0);
    add(last - first + 1, countries.indexOf(country) + 1, kind);
    next = last + 1;
  }
  return [uint32(owners.length), Buffer.from(owners), Buffer.from(kinds), Buffer.from(lengths)];
}

function pushVarint(bytes, value) {
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
}

function uint32(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
