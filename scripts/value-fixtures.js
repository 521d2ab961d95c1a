/**
 * Writes fixtures/schema/values.json: which values each field of a transaction takes, and why others are refused.
 *
 * Run `npm run update:values` after a change that is meant. Every implementation gives the same.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../dist/text/parse-json.js';
import { parseTransaction, transactionFields } from '../dist/transactions/transaction.js';

const text = (value) => JSON.stringify(value);
const repeated = (letter, counts) => counts.map((count) => text(letter.repeat(count)));
const times = (from) =>
  [
    ...['2026-01-31T23:59:59.999Z', '2024-02-29T00:00:00.000Z', '2026-02-29T00:00:00.000Z'],
    ...['1900-02-29T00:00:00.000Z', '2000-02-29T00:00:00.000Z', '2026-04-31T00:00:00.000Z'],
    ...['0100-01-01T00:00:00.000Z', '0099-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
    ...['2026-01-31T24:00:00.000Z', '2026-01-31T23:60:00.000Z', '2026-06-30T23:59:60.000Z'],
    ...['2026-01-31T23:59:59Z', '2026-01-31T23:59:59.99Z', '2026-01-31T23:59:59.9999Z'],
    ...['2026-01-31T23:59:59.999+00:00', '2026-01-31 23:59:59.999Z', '2026-01-31t23:59:59.999z'],
    ...['2026-00-10T00:00:00.000Z', '2026-13-10T00:00:00.000Z', '2026-01-00T00:00:00.000Z'],
    ...['٢٠٢٦-01-31T23:59:59.999Z', ' 2026-01-31T23:59:59.999Z', '+002026-01-31T23:59:59Z'],
  ].map(from);
const addresses = [
  ...['192.0.2.1', '0.0.0.0', '255.255.255.255', '256.0.0.1', '192.0.2', '192.0.2.1.1', '1.2.3.04'],
  ...[
    '01.2.3.4',
    '0x1.2.3.4',
    ' 192.0.2.1',
    '192.0.2.1 ',
    '192.0.2.-1',
    '1.2.3.4%eth0',
    '1e1.2.3.4',
  ],
  ...['::', '::1', '2001:db8::1', '2001:DB8::1', '2001:db8:0:0:0:0:0:1', '1:2:3:4:5:6:7:8'],
  ...['1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1::2::3', ':::', ':1', '1:', '::1%eth0', '12345::'],
  ...[
    '::ffff:192.0.2.1',
    '::192.0.2.1',
    '::ffff:192.0.2.256',
    '64:ff9b::192.0.2.1',
    '1:2:3:4:5:6:1.2.3.4',
  ],
  ...[
    '1:2:3:4:5:6:7:1.2.3.4',
    '::g',
    '1::2:3:4:5:6:7:8',
    '::2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '[::1]',
  ],
  ...['1.2.3.4::', '::1.2.3', '0::0', '00001::', 'fe80::1/64', '١.2.3.4'],
].map(text);

/** Texts of JSON: numbers stand as they are written. */
export const values = [
  ...['null', 'true', 'false', '[]', '{}', '["EUR"]', '""', '" "', '"0"', '"00"', '"-1"', '"1.0"'],
  ...[
    '0',
    '-0',
    '1',
    '2',
    '3',
    '1.0',
    '2e0',
    '1.5',
    '-1',
    '742',
    '0.1e1',
    '1e21',
    '1e400',
    '-1e400',
  ],
  ...['9007199254740991', '9007199254740992', '9007199254740993', '9007199254740991.0', '5e-324'],
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 13].map((length) => text('1'.repeat(length))),
  ...[1, 2, 3, 6, 12].flatMap((length) => [text('A'.repeat(length)), text('a'.repeat(length))]),
  ...[
    '"٣٣٣٣"',
    '"１２"',
    '"ÀÀ"',
    '"A1"',
    '"1 "',
    '" 1"',
    '"1\\n"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"é💳"',
  ],
  ...repeated('x', [31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 257]),
  ...repeated('💳', [31, 32, 33, 64, 65, 128, 129, 256, 257]),
  ...'purchase refund auth_only cash_advance completion reversal verification Purchase'
    .split(' ')
    .map(text),
  ...'ecom pos atm moto recurring credit debit prepaid none frictionless challenge failed'
    .split(' ')
    .map(text),
  ...'Y A Z N U M P y signature pin device EUR JPY BHD XXX eur GB gb UK'.split(' ').map(text),
  ...times(text),
  ...addresses,
];

const base = {
  schema_version: 2,
  transaction_id: 'T1',
  event_time: '2026-01-31T23:59:59.999Z',
  card_id: 'card-1',
  amount_minor: 100,
  currency: 'EUR',
};

const whole = JSON.stringify(base);
const within = (member) => `${whole.slice(0, -1)},${member}}`;
const invalid = (bytes) => {
  const line = Buffer.from(within('"merchant_name":"??"'));
  Buffer.from(bytes).copy(line, line.indexOf('??'));
  return line;
};

/** Bytes that are a record of JSON, or nearly. */
export const lines = [
  ...[
    whole,
    ` \t\r\n${whole}\n`,
    `\ufeff${whole}`,
    `\u00a0${whole}`,
    `\v${whole}`,
    `${whole},`,
    `${whole}x`,
  ],
  ...[
    `${whole}${whole}`,
    `${whole}\0`,
    '',
    ' ',
    '[]',
    '1',
    'null',
    '"x"',
    whole.slice(0, -1),
    `[${whole}]`,
  ],
  ...[98, 99, 100, 101, 500].map((depth) => within(`"x":${'['.repeat(depth)}${']'.repeat(depth)}`)),
  ...[98, 99, 100].map((depth) => within(`"x":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)),
  ...[999, 1_001, 5_000].map((digits) => within(`"x":${'1'.repeat(digits)}`)),
  ...[1_001, 60_000].map((length) => within(`"${'n'.repeat(length)}":1`)),
  within(`"x":1e${'9'.repeat(30)}`),
  within(`"amount_minor":1${'0'.repeat(1_100)}`),
  ...[
    '"transaction_id":"T2"',
    '"x":NaN',
    '"x":01',
    '"x":1.',
    '"x":.5',
    '"x":+1',
    '"x":-',
    '"x":1e',
    "'x':1",
  ].map(within),
  ...[
    'x:1',
    '"x":1,',
    '"x":1 /* c */',
    '"x":"\t"',
    '"x":"\\x41"',
    '"x":"\\u00g0"',
    '"x":"\\ud83d"',
    '"x":tru',
  ].map(within),
  ...[
    '"__proto__":{"card_id":7}',
    '"constructor":1',
    '"card_id":null',
    '"card_id":{}',
    '"":1',
    '"x":"\u2028"',
  ].map(within),
  ...[
    [0xff, 0xfe],
    [0xc3, 0x28],
    [0xc0, 0xaf],
    [0xed, 0xa0],
  ].map(invalid),
];

/** The id of each line that is a transaction; null for one that is none. */
export function idsOfLines() {
  return lines.map((line) => {
    try {
      const result = parseTransaction(parseJson(Buffer.from(line).toString('utf8')));
      return 'transaction' in result ? result.transaction.transaction_id : null;
    } catch {
      return null;
    }
  });
}

/** By version and field: why the values at these indexes are refused; under "" those that are taken. */
export function verdicts() {
  const found = {};
  for (const version of [1, 2]) {
    for (const field of transactionFields) {
      const reasons = {};
      for (const [index, value] of values.entries()) {
        const reason = reasonOf(version, field, value);
        reasons[reason] = [...(reasons[reason] ?? []), index];
      }
      found[`${version} ${field}`] = reasons;
    }
  }
  return found;
}

function reasonOf(version, field, value) {
  const others = JSON.stringify({ ...base, schema_version: version, [field]: undefined });
  const result = parseTransaction(parseJson(`${others.slice(0, -1)},${text(field)}:${value}}`));
  return 'problem' in result ? `${result.problem.field} ${result.problem.reason}` : '';
}

if (process.argv[1] === import.meta.filename) {
  const path = join(import.meta.dirname, '..', 'fixtures', 'schema', 'values.json');
  const given = lines.map((line) => Buffer.from(line).toString('base64'));
  const fields = Object.entries(verdicts()).map(
    ([name, reasons]) => `    ${text(name)}: ${JSON.stringify(reasons)}`,
  );
  const json = `{\n  "base": ${text(base)},\n  "values": ${text(values)},\n  "verdicts": {\n${fields.join(',\n')}\n  },\n  "lines": ${text(given)},\n  "ids": ${text(idsOfLines())}\n}\n`;
  writeFileSync(path, json);
}
