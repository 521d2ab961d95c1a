import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../generators/numbers/random.ts';
import { instantMs } from '../../transactions/instant.ts';
import type { InputRow } from '../reading/row.ts';
import { mappedFaults, mapRow } from './map-row.ts';
import {
  checkedMapping,
  type FieldSource,
  type Mapping,
  mappedFields,
  ownColumns,
  plainMapping,
} from './mapping.ts';

const hostile = { toString: 1, valueOf: 2 };
const values: readonly unknown[] = [
  ...[
    '1325376018',
    '1325376018000000000',
    '1e20',
    '-1e20',
    '1e308',
    '1e309',
    '-0',
    '0x10',
    '1_000',
  ],
  ...[
    'Infinity',
    '-Infinity',
    'NaN',
    'null',
    'undefined',
    '',
    ' ',
    '8640000000000001',
    '253402300800',
  ],
  ...['2026-01-31T23:59:59.999Z', '2026-02-30T00:00:00Z', '10000-01-01T00:00:00Z', '0001-01-01'],
  ...['+275760-09-13T00:00:00.001Z', '-000001-01-01T00:00:00Z', '2026-W53-7', '2026-366', '24:00'],
  ...[
    'USD',
    'JPY',
    'XXX',
    '12.50',
    '12.505',
    '1'.repeat(400),
    `1.${'0'.repeat(100_000)}1`,
    '\0',
    '💳',
  ],
  ...['\ud800', 'true', '1', 'x'.repeat(1_000), '__proto__', 'constructor', '01/02/2026 10:00 pm'],
  ...[1325376018, 1e20, -1e20, Infinity, -Infinity, Number.NaN, -1, 0.5, true, false],
  ...[
    null,
    undefined,
    {},
    [],
    [[['1']]],
    hostile,
    [hostile],
    Object.create(null),
    new Uint8Array(3),
  ],
];
const formats = [
  ...['iso', 'epoch-seconds', 'epoch-milliseconds', 'epoch-microseconds', 'dd/MM/yyyy hh:mm a'],
  ...['yyyy-MM-dd', 'X', 'x', 'yyyyyy-MM-dd', 'yyyy-ooo', 'epoch-nanoseconds', 'kkkk-WW-E'],
];

/** Every field from the column of its name; of the two forms of an amount the decimal one. */
const all = Object.fromEntries(
  mappedFields
    .filter((field) => !/^(billing_)?amount_minor$/.test(field))
    .map((field) => [field, { from: [field] }]),
);
const rowOf = (value: unknown, line: number): InputRow => ({
  line,
  value,
  bytes: Buffer.alloc(0),
  fault: undefined,
});

test('whatever stands in the columns, a row becomes a transaction or a fault, over 20,000 rows', () => {
  const random = new Random(17, 0);
  const one = <Of>(from: readonly Of[]): Of => from[random.below(from.length)] as Of;
  const mappings: readonly Mapping[] = formats.flatMap((timeFormat) => [
    { ...ownColumns, timeFormat, zone: one(['UTC', 'Europe/Berlin', 'Pacific/Apia']) },
    { ...plainMapping, timeFormat, columns: all },
  ]);
  const readers = mappings.map((mapping) => [mapRow(mapping), mappedFaults(mapping)] as const);
  let transactions = 0;
  for (let line = 1; line <= 20_000; line += 1) {
    const sound = {
      ...{ transaction_id: `T${line}`, card_id: 'C1', currency: 'USD' },
      ...(random.chance(0.5) ? { amount_minor: '100' } : { amount: '1.00' }),
      event_time: one(['2026-01-31T23:59:59.999Z', '1325376018', '01/02/2026 10:00 pm']),
    };
    const odd = Array.from({ length: random.below(4) }, () => [one(mappedFields), one(values)]);
    const row = random.chance(0.98) ? { ...sound, ...Object.fromEntries(odd) } : one(values);
    const [map, faults] = one(readers);
    const mapped = map(rowOf(row, line));
    faults(rowOf(row, line));
    if (!('transaction' in mapped)) continue;
    transactions += 1;
    assert.ok(!Number.isNaN(instantMs(mapped.transaction.event_time)));
  }
  assert.ok(transactions > 500, `${transactions} transactions`);
});

test('an epoch outside of the years 100 to 9999 is a fault that names the column', () => {
  const mapping = { ...plainMapping, timeFormat: 'epoch-seconds' };
  const columns = {
    event_time: { from: ['at'] },
    card_id: { from: ['card'] },
    currency: { from: ['cur'] },
    amount_minor: { from: ['minor'] },
  };
  const map = mapRow({ ...mapping, columns });
  const row = { card: 'C', cur: 'USD', minor: 1 };
  assert.ok('transaction' in map(rowOf({ ...row, at: 1_325_376_018 }, 1)));
  for (const at of ['1325376018000000000', '1e20', 'Infinity', '-1e12', '253402300800', 'NaN']) {
    const mapped = map(rowOf({ ...row, at }, 1));
    assert.ok('fault' in mapped);
    assert.equal(mapped.fault.field, 'at');
    assert.equal(mapped.fault.value, `"${at}"`);
    assert.match(mapped.fault.reason, /^cannot be read as event_time as epoch-seconds \(/);
  }
});

test('a time format whose tokens contradict one another is refused before the first row', () => {
  const mapping = { ...plainMapping, columns: all, timeFormat: 'yyyy-MM-dd HH:mm a' };
  assert.throws(
    () => checkedMapping(mapping),
    /time format "yyyy-MM-dd HH:mm a" cannot be used: .*meridiem/,
  );
});

test('a row with a field of version 2 is of version 2, any other of version 1, unless it says itself', () => {
  const from = (column: string): FieldSource => ({ from: [column] });
  const columns = {
    ...{ event_time: from('t'), card_id: from('c'), currency: from('u'), amount_minor: from('a') },
  };
  const row = { t: '2026-01-31T23:59:59.999Z', c: 'x', u: 'EUR', a: 5, o: 'first', v: '1' };
  const version = (more: Partial<Mapping>): unknown => {
    const mapped = mapRow({ ...plainMapping, columns, ...more })(rowOf(row, 1));
    return 'transaction' in mapped ? mapped.transaction.schema_version : mapped.fault;
  };
  const original_transaction_id = from('o');
  assert.equal(version({}), 1);
  assert.equal(version({ columns: { ...columns, original_transaction_id } }), 2);
  assert.equal(version({ columns: { ...columns, original_transaction_id: from('absent') } }), 1);
  assert.equal(version({ constants: { cvm: 'pin' } }), 2);
  assert.equal(
    version({ columns: { ...columns, original_transaction_id, schema_version: from('v') } }),
    1,
  );
  assert.equal(version({ constants: { schema_version: '2', type: 'completion' } }), 2);
});
