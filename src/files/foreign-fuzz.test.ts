import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import { Random } from '../generators/numbers/random.ts';
import { instantMs } from '../transactions/instant.ts';
import { parseTransaction } from '../transactions/transaction.ts';
import {
  checkedMapping,
  type FieldSource,
  type Mapping,
  mappedFields,
  plainMapping,
} from './mapping/mapping.ts';
import { mappingOf } from './mapping/mapping-file.ts';
import { MappingTally } from './mapping/mapping-tally.ts';
import type { Recorded } from './recorded.ts';
import { recorded } from './recorded-transactions.ts';

/** Tables by this test; 100,000 take some minutes and are run by hand. */
const TABLES = Number(process.env.FRAUDSTREAM_FUZZ_TABLES ?? 2_000);
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-fuzz-'));
after(() => rmSync(folder, { recursive: true }));

const random = new Random(20, 0);
const one = <Of>(from: readonly Of[]): Of => from[random.below(from.length)] as Of;

const texts = [
  ...[
    '2026-01-31T23:59:59Z',
    '2026-01-31 23:59:59',
    '1325376018',
    '1325376018000000000',
    '1e20',
    '12',
  ],
  ...[
    '06:21',
    '2010',
    '201007',
    '2021-02-29T10:00:00Z',
    '2020-01-01 00:00:00 UTC',
    'Infinity',
    'NaN',
  ],
  ...[
    '$134.09',
    '$-38.48',
    '$1,120.34',
    '.99',
    '1e3',
    '1,50',
    '87.69999999999999',
    '-0',
    '0x10',
    '12.50',
  ],
  ...['c1', 'NULL', '\\N', '2.70319E+15', '4111111111111111', '12345678901234567890', '1.0', '0.0'],
  ...[
    'TRANSFER',
    'USD',
    'JPY',
    'XXX',
    'true',
    'ecom',
    '192.0.2.1',
    '',
    ' ',
    'ä',
    '💳',
    '\u0000',
    'a|b',
  ],
  ...[
    'a\nb',
    'a"b',
    '"',
    '""',
    'x'.repeat(300),
    '__proto__',
    'constructor',
    '[object Object]',
    '\ud800',
  ],
];
const jsonValues = [
  ...[
    '1',
    '0',
    '-0',
    '1.0',
    '1e3',
    '1e400',
    '12345678901234567890',
    '0.1',
    'true',
    'false',
    'null',
  ],
  ...[
    '{}',
    '[]',
    '{"id":"c1"}',
    '[1,[2]]',
    '{"a":{"b":12345678901234567890}}',
    '"\\u0000"',
    '"\\ud800"',
  ],
];
const names = ['a', 'b', 'c d', 'e.f', 'g', 'h/i', 'ä', 'id', '__proto__'];
const formats = [
  ...[undefined, 'iso', 'epoch-seconds', 'epoch-nanoseconds', 'epoch-hours', 'dd.MM.yyyy HH:mm'],
  ...['yyyy-MM-dd HH:mm:ss', 'MM/dd/yyyy hh:mm a', 'yyyy', "'", 'HH:mm a', 'x'],
];
const sometimes = <Of>(chance: number, value: Of): Of | undefined =>
  random.chance(chance) ? value : undefined;

function source(columns: readonly string[]): FieldSource {
  const from = random.chance(0.9) ? [one(columns)] : [one(columns), one(columns)];
  return {
    from: random.chance(0.05) ? ['/card/id'] : from,
    separator: sometimes(0.1, one(['', '|', '-'])),
    hash: sometimes(0.05, 'sha256'),
    values: sometimes(0.1, [
      ['TRANSFER', 'purchase'],
      ['1', '2'],
    ] as const),
    default: sometimes(0.05, one(['ecom', 'x'])),
    timeFormat: sometimes(0.1, one(formats)),
    isOptional: sometimes(0.3, true),
  };
}

/** What a table has in any case, and what stands there in most rows. */
const soundColumns: Readonly<Record<string, string>> = {
  at: '2026-01-31 23:59:59',
  card: 'c1',
  amt: '12.50',
};

function mappingFor(columns: readonly string[]): Mapping {
  const sound = Object.entries({ event_time: 'at', card_id: 'card', amount: 'amt' }).map(
    ([field, column]) => [field, random.chance(0.1) ? source(columns) : { from: [column] }],
  );
  const more = Array.from({ length: random.below(6) }, () => one(mappedFields))
    .filter((field) => !['currency', 'amount_minor', 'schema_version'].includes(field))
    .map((field) => [field, source(columns)]);
  const origin = sometimes(0.05, one(['2017-01-01T00:00:00Z', '2017', 'x']));
  return checkedMapping({
    ...plainMapping,
    columns: Object.fromEntries([...more, ...sound]),
    constants: { currency: random.chance(0.9) ? 'USD' : one(['JPY', 'KWD', 'XXX', '']) },
    timeFormat: origin === undefined && random.chance(0.2) ? one(formats) : undefined,
    zone: random.chance(0.9) ? one(['UTC', 'Europe/Berlin', 'Pacific/Apia']) : 'Mars/Base',
    origin,
    unit: origin === undefined ? undefined : one(['hours', 'seconds', 'weeks']),
    amount: {
      symbol: sometimes(0.2, '$'),
      thousands: sometimes(0.2, one([',', ' '])),
      decimalSeparator: sometimes(0.05, one([',', '.'])),
      rounding: sometimes(0.3, 'half-even'),
    },
    negative: one(['refuse', 'refund', 'absolute']),
    separator: sometimes(0.1, one([',', '|', ';'])),
    encoding: sometimes(0.05, one(['latin1', 'utf-16le'])),
    salt: sometimes(0.9, 'salt'),
    onBadOptional: one(['absent', 'row']),
    passThrough: one([[], 'all', [one(columns)]]),
  });
}

const quoted = (text: string): string =>
  /[",|;\t\r\n]/.test(text) || random.chance(0.1) ? `"${text.replaceAll('"', '""')}"` : text;

/** A table as bytes, and how many rows it has. */
function table(
  columns: readonly string[],
  isCsv: boolean,
): { readonly bytes: Buffer; readonly rows: number } {
  const rows = random.below(6);
  const line = isCsv ? csvLine : jsonLine;
  const header = isCsv ? [columns.map(quoted).join(',')] : [];
  const lines = Array.from({ length: rows }, () => line(columns));
  return { bytes: Buffer.from([...header, ...lines].join('\n')), rows };
}

/** Mostly what makes a transaction. */
const valueFor = (name: string, other: () => string): string =>
  random.chance(0.85) && Object.hasOwn(soundColumns, name) ? (soundColumns[name] ?? '') : other();

const csvLine = (columns: readonly string[]): string =>
  columns.map((name) => quoted(valueFor(name, () => one(texts)))).join(',');

function jsonLine(columns: readonly string[]): string {
  if (random.chance(0.02)) return '{"broken';
  const odd = (): string => (random.chance(0.5) ? JSON.stringify(one(texts)) : one(jsonValues));
  const members = columns.map((name) => {
    const sound = valueFor(name, () => '');
    return `${JSON.stringify(name)}:${sound === '' ? odd() : JSON.stringify(sound)}`;
  });
  return `{${members.join(',')}}`;
}

async function* inPieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  const size = 1 + random.below(200);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Reads a table: how many rows became transactions, and how many were refused. */
async function read(
  bytes: Buffer,
  mapping: Mapping,
  format: 'csv' | 'ndjson',
): Promise<{ readonly used: number; readonly refused: number }> {
  let [used, refused] = [0, 0];
  const reject = (): void => {
    refused += 1;
  };
  const settings = { paths: ['-'], input: inPieces(bytes), s3: {}, mapping, format, reject };
  const forbidsPan = random.chance(0.2);
  for await (const group of recorded({ ...settings, tally: new MappingTally(), forbidsPan })) {
    for (const record of group) {
      used += 1;
      assert.ok(isSound(record), Buffer.from(record.data).toString());
    }
  }
  return { used, refused };
}

/** A transaction by the schema, at its event time, without the truth. */
function isSound({ data, eventAt, label, id }: Recorded): boolean {
  const line = JSON.parse(Buffer.from(data).toString('utf8'));
  const isOne = 'transaction' in parseTransaction(line) && instantMs(line.event_time) === eventAt;
  return isOne && line.is_fraud === undefined && (label?.transaction_id ?? id) === id;
}

test(`${TABLES} random tables, mappings and values: every row is used or refused, and nothing else happens`, async () => {
  const sums = { used: 0, refused: 0, stopped: 0 };
  for (let time = 0; time < TABLES; time += 1) {
    const others = Array.from({ length: random.below(6) }, () => one(names));
    const columns = [...new Set([...Object.keys(soundColumns), ...others])];
    const format = random.chance(0.5) ? 'csv' : 'ndjson';
    const { bytes, rows } = table(columns, format === 'csv');
    try {
      const mapping = mappingFor(columns);
      const { used, refused } = await read(bytes, mapping, format);
      sums.used += used;
      sums.refused += refused;
      // With another encoding or separator the bytes are another table.
      const isThis = mapping.encoding === undefined && mapping.separator === undefined;
      if (isThis) assert.equal(used + refused, rows, bytes.toString());
    } catch (error) {
      if (!(error instanceof FraudstreamError)) throw error;
      assert.match(error.code, /^(bad-config|bad-data|usage)$/);
      sums.stopped += 1;
    }
  }
  const { used, refused, stopped } = sums;
  const isVaried = used > TABLES / 5 && refused > TABLES / 5 && stopped < TABLES * 0.8;
  assert.ok(isVaried, JSON.stringify(sums));
});

test('random mapping files are read, or refused by file and line', async () => {
  const keys = [
    ...['fields', 'constants', 'time-format', 'time-zone', 'origin', 'unit', 'amount-format'],
    ...['amount-rounding', 'separator', 'encoding', 'salt', 'on-bad-optional', 'report-delay'],
    ...['local-time-zone', 'pass-through', 'fraud', 'genuine', 'x', '"a: b"'],
  ];
  const values = [
    ...[
      'iso',
      'epoch-hours',
      '"|"',
      '[a, b]',
      '{ card_id: a }',
      '{ card_id: { join: [a, b] } }',
      '',
    ],
    ...[
      '{ event_time: { from: t, time-format: HH } }',
      '7d',
      '-1d',
      'latin1',
      'klingon',
      '{ symbol: "$" }',
    ],
    ...[
      '[[1]]',
      '{ a: { b: { c: d } } }',
      'all',
      'half-even',
      'Europe/Berlin',
      '2020',
      '~',
      '"/a~2"',
    ],
  ];
  for (let time = 0; time < TABLES / 4; time += 1) {
    const lines = Array.from({ length: 1 + random.below(4) }, () => `${one(keys)}: ${one(values)}`);
    const path = join(folder, 'mapping.yaml');
    writeFileSync(path, lines.join('\n'));
    const whole = 'event_time=at,card_id=card,amount=amt,currency:USD';
    try {
      await mappingOf([whole, path]);
    } catch (error) {
      if (!(error instanceof FraudstreamError)) throw error;
      assert.match(
        error.message,
        /mapping\.yaml:\d+: |^The (mapping|origin|time|unit|pointer) |^An origin |^A value map/,
        lines.join('\n'),
      );
    }
  }
});
