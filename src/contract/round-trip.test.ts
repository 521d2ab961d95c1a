import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { contractFile } from '../files/contract-file.ts';
import { Random } from '../generators/numbers/random.ts';
import { transactions } from '../generators/transactions.ts';
import { world } from '../generators/world.ts';
import { instantMs } from '../transactions/instant.ts';
import { schemaVersionOf, type Transaction } from '../transactions/transaction.ts';
import { type PayloadField, payloadFields } from './payload/field-format.ts';
import type { TransactionContract } from './transactions-contract.ts';

const folder = mkdtempSync(join(tmpdir(), 'contract-'));
after(() => rmSync(folder, { recursive: true }));

const CONTRACTS = 40;
const EACH = 250;
const required = ['transaction_id', 'event_time', 'card_id', 'currency'] as const;
const instants = [
  ...['$event_time', '{ field: event_time, as: iso }', '{ field: event_time, as: epoch-seconds }'],
  ...['epoch-milliseconds', 'epoch-microseconds', 'epoch-nanoseconds'].map(
    (as) => `{ field: event_time, as: ${as} }`,
  ),
  `{ field: event_time, as: "yyyy-MM-dd'T'HH:mm:ss.SSSZZ", zone: Europe/Berlin }`,
  '{ field: event_time, origin: 2020-01-01T00:00:00Z, unit: seconds }',
];
const amounts = [
  '$amount_minor',
  '$amount',
  '{ field: amount, as: decimal }',
  '{ field: amount, as: minor }',
  '{ field: amount, as: decimal, decimal-separator: "," }',
];
const others: Readonly<Record<string, readonly string[]>> = {
  channel: [
    '{ field: channel, values: { ecom: WEB, pos: 7, atm: CASH, moto: PHONE, recurring: SUB } }',
  ],
  card_present: [
    '{ field: card_present, values: { true: Y, false: N } }',
    '{ field: card_present, as: text }',
  ],
  mcc: ['{ field: mcc, as: number }'],
  account_age_days: ['{ field: account_age_days, as: text }'],
};
const drawn = ['load-test', '12345678901234567890', '1.50', '[1, 2]', '{ counter: { from: 5 } }'];
const odd = ['"quoted"', 'a,b;c', 'zwei\nZeilen', 'tab\there', 'émoji 💳', '\\N', ' spaces ', "o'"];

/** A random contract, and the fields that it carries. */
function randomContract(random: Random, format: string): string {
  const one = <Of>(from: readonly Of[]): Of => from[random.below(from.length)] as Of;
  const optional = payloadFields.filter(
    (name) => !(required as readonly string[]).includes(name) && !/amount/.test(name),
  );
  const some = optional.filter(() => random.chance(0.4));
  const values = [...required, ...some].map((name) => {
    if (name === 'event_time') return one(instants);
    return random.chance(0.5) ? one(others[name] ?? [`$${name}`]) : `$${name}`;
  });
  const all = [...values, one(amounts)].sort(() => (random.chance(0.5) ? 1 : -1));
  const lines: string[] = [];
  let indent = '    ';
  for (const [index, value] of all.entries()) {
    // A name of its own for each, some of which are odd.
    const key = JSON.stringify(`${one(['k', 'K é', 'a/b', 'x~y', '0', '$k'])}${index}`);
    if (format === 'json' && random.chance(0.2) && indent.length < 12) {
      lines.push(`${indent}n${index}:`);
      indent += '  ';
    }
    lines.push(`${indent}${key}: ${value}`);
    if (random.chance(0.3)) {
      const filler = format === 'csv' ? one(drawn.slice(0, 3)) : one(drawn);
      lines.push(`${indent}"f${index}": ${filler}`);
    }
  }
  const absent =
    format === 'json' ? one(['', '  absent: omit\n']) : one(['', '  separator: ";"\n']);
  return `transactions:\n  format: ${format}\n${absent}  payload:\n${lines.join('\n')}\n`;
}

/** How a field is written in a form that has a schema. */
interface Typed {
  readonly value: string;
  readonly avro: unknown;
  readonly protobuf: string;
}
const epoch = (unit: string): string => `{ field: event_time, as: epoch-${unit} }`;
const words = { ecom: 'WEB', pos: 'STORE', atm: 'CASH', moto: 'PHONE', recurring: 'SUB' };
const decimal = { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 4 };
const typed: Readonly<Record<string, readonly Typed[]>> = {
  event_time: [
    { value: '$event_time', avro: 'string', protobuf: 'string' },
    {
      value: epoch('milliseconds'),
      avro: { type: 'long', logicalType: 'timestamp-millis' },
      protobuf: 'int64',
    },
    {
      value: epoch('microseconds'),
      avro: { type: 'long', logicalType: 'timestamp-micros' },
      protobuf: 'uint64',
    },
    { value: epoch('nanoseconds'), avro: 'long', protobuf: 'sint64' },
  ],
  amount: [
    { value: '$amount_minor', avro: 'long', protobuf: 'fixed64' },
    { value: '{ field: amount, as: decimal }', avro: decimal, protobuf: 'string' },
    { value: '{ field: amount, as: minor }', avro: 'long', protobuf: 'int64' },
    { value: '$amount', avro: 'double', protobuf: 'double' },
  ],
  channel: [
    {
      value: `{ field: channel, values: ${JSON.stringify(words)} }`,
      avro: ['null', { type: 'enum', name: 'Word', symbols: Object.values(words) }],
      protobuf: 'optional Word',
    },
  ],
  mcc: [
    { value: '{ field: mcc, as: number }', avro: ['null', 'int'], protobuf: 'optional uint32' },
  ],
  account_age_days: [
    { value: '$account_age_days', avro: ['int', 'null'], protobuf: 'optional int32' },
    {
      value: '{ field: account_age_days, as: text }',
      avro: ['null', 'string'],
      protobuf: 'optional string',
    },
  ],
  card_present: [{ value: '$card_present', avro: ['null', 'boolean'], protobuf: 'optional bool' }],
};

/** A random contract with a random schema, both as text. */
function randomSchema(random: Random, format: 'avro' | 'protobuf'): readonly [string, string] {
  const one = <Of>(from: readonly Of[]): Of => from[random.below(from.length)] as Of;
  const names = payloadFields.filter(
    (name) => !(required as readonly string[]).includes(name) && !/amount/.test(name),
  );
  const all = [...required, 'amount', ...names.filter(() => random.chance(0.4))];
  const fields = all.map((name): Typed => {
    const isNeeded = (required as readonly string[]).includes(name);
    const text = isNeeded
      ? { avro: 'string', protobuf: 'string' }
      : { avro: ['null', 'string'], protobuf: 'optional string' };
    return one(typed[name] ?? [{ value: `$${name}`, ...text }]);
  });
  const payload: string[] = [];
  // Objects within objects, the innermost last.
  const levels: (readonly [string, Typed])[][] = [[]];
  for (const [index, field] of fields.entries()) {
    if (random.chance(0.15) && levels.length < 5) {
      payload.push(`${'  '.repeat(levels.length + 1)}in${levels.length}:`);
      levels.push([]);
    }
    payload.push(`${'  '.repeat(levels.length + 1)}k${index}: ${field.value}`);
    levels.at(-1)?.push([`k${index}`, field]);
  }
  const schema = format === 'avro' ? avroSchema(levels) : protobufSchema(levels);
  const message = format === 'protobuf' ? '  message: L0\n' : '';
  const framing = one([
    '',
    '  framing: { confluent: { id: 9 } }\n',
    '  framing: { glue: { schema-version-id: 6d7f1c2e-0b1a-4c3d-9e8f-001122334455, compression: zlib } }\n',
  ]);
  const head = `transactions:\n  format: ${format}\n  schema: SCHEMA\n${message}${framing}  payload:\n`;
  return [`${head}${payload.join('\n')}\n`, schema];
}

type Levels = readonly (readonly (readonly [string, Typed])[])[];

function avroSchema(levels: Levels): string {
  const inner = levels.reduceRight<object | undefined>((within, level, depth) => {
    const fields = level.map(([name, { avro }]) => ({ name, type: avro }));
    const more = within ? [{ name: `in${depth + 1}`, type: within }] : [];
    return { type: 'record', name: `L${depth}`, fields: [...fields, ...more] };
  }, undefined);
  return JSON.stringify(inner);
}

function protobufSchema(levels: Levels): string {
  const messages = levels.map((level, depth) => {
    const lines = level.map(
      ([name, { protobuf }], index) => `  ${protobuf} ${name} = ${2 * index + 1};`,
    );
    const more = depth + 1 < levels.length ? [`  L${depth + 1} in${depth + 1} = 1000;`] : [];
    return `message L${depth} {\n${[...lines, ...more].join('\n')}\n}`;
  });
  const symbols = Object.values(words).map((word, index) => `${word} = ${index};`);
  return `syntax = "proto3";\nenum Word { ${symbols.join(' ')} }\n${messages.join('\n')}\n`;
}

async function sample(count: number, random: Random): Promise<readonly Transaction[]> {
  const list: Transaction[] = [];
  for (const group of transactions(await world({ seed: 11 }))) {
    for (const { transaction } of group) {
      const isOdd = random.chance(0.3);
      const text = odd[random.below(odd.length)] as string;
      list.push(isOdd ? { ...transaction, card_id: `${text}1`, merchant_name: text } : transaction);
    }
    if (list.length >= count) break;
  }
  return list.slice(0, count);
}

function carried(transaction: Transaction, names: readonly PayloadField[]): Partial<Transaction> {
  const fields: readonly string[] = names.map((name) =>
    name === 'amount' ? 'amount_minor' : name,
  );
  const known = Object.fromEntries(
    Object.entries(transaction).filter(([name, value]) => value !== null && fields.includes(name)),
  );
  return { ...known, schema_version: schemaVersionOf(known) };
}

for (const format of ['json', 'csv', 'avro', 'protobuf'] as const) {
  test(`what a contract of ${format} writes is read as the same fields, over ${CONTRACTS * EACH} transactions`, async () => {
    const random = new Random(format.length, 3);
    const all = await sample(CONTRACTS * EACH, random);
    for (let number = 0; number < CONTRACTS; number += 1) {
      const path = join(folder, `${format}${number}.yaml`);
      const text = written(random, format, path);
      const form = (await contractFile(path)).transactions as TransactionContract;
      assert.deepEqual(form.notes, [], text);
      assert.ok(form.isInvertible);
      const write = form.writer(number);
      for (const transaction of all.slice(number * EACH, (number + 1) * EACH)) {
        const bytes = write(transaction, instantMs(transaction.event_time));
        const found = form.decode(bytes);
        const shown = `${text}\n${Buffer.from(bytes).toString()}`;
        assert.ok(!('problem' in found), `${shown}\n${JSON.stringify(found)}`);
        assert.deepEqual(found.transaction, carried(transaction, form.fields), shown);
        assert.equal(found.partitionKey, transaction.card_id);
        assert.equal(found.eventAt, instantMs(transaction.event_time));
      }
    }
  });
}

/** Writes a random contract to a file, its schema beside it; returns its text. */
function written(
  random: Random,
  format: 'json' | 'csv' | 'avro' | 'protobuf',
  path: string,
): string {
  if (format === 'json' || format === 'csv') {
    const text = randomContract(random, format);
    writeFileSync(path, text);
    return text;
  }
  const [text, schema] = randomSchema(random, format);
  writeFileSync(`${path}.schema`, schema);
  writeFileSync(path, text.replace('SCHEMA', JSON.stringify(`${path}.schema`)));
  return `${text}\n${schema}`;
}
