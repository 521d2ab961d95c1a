import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { currencies } from './currency.ts';
import type { Problem } from './field-checks.ts';
import { labelFields, labelLine, parseLabel } from './label.ts';
import {
  parseTransaction,
  scanTransaction,
  type Transaction,
  transactionFields,
  transactionLine,
} from './transaction.ts';
import { parseVerdict, verdictFields, verdictLine } from './verdict.ts';

const folder = join(import.meta.dirname, '..', '..', 'fixtures', 'schema');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const rows = (name: string): unknown[] =>
  read(name)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
formats.default(ajv);

const versionOf = (value: unknown): unknown =>
  (value as { readonly schema_version?: unknown } | null)?.schema_version;

interface Reader {
  readonly name: string;
  readonly fields: readonly string[];
  readonly parse: (value: unknown) => { readonly problem: Problem } | { readonly line: string };
}
const readers: readonly Reader[] = [
  {
    name: 'transaction',
    fields: transactionFields,
    parse: (value) => {
      const result = parseTransaction(value);
      return 'problem' in result ? result : { line: transactionLine(result.transaction) };
    },
  },
  {
    name: 'label',
    fields: labelFields,
    parse: (value) => {
      const result = parseLabel(value);
      return 'problem' in result ? result : { line: labelLine(result.label) };
    },
  },
  {
    name: 'verdict',
    fields: verdictFields,
    parse: (value) => {
      const result = parseVerdict(value);
      return 'problem' in result ? result : { line: verdictLine(result.verdict) };
    },
  },
];

for (const { name, fields, parse } of readers) {
  const schema = JSON.parse(read(`${name}.schema.json`));
  const isValidNow = ajv.compile(schema);
  const before =
    name === 'transaction' ? JSON.parse(read(`${name}.version-1.schema.json`)) : schema;
  const isValidBefore = name === 'transaction' ? ajv.compile(before) : isValidNow;
  const judge = (value: unknown) => (versionOf(value) === 1 ? isValidBefore : isValidNow);

  test(`the schema of a ${name} names the fields of the type, in the order of the wire`, () => {
    assert.deepEqual(Object.keys(schema.properties), fields);
  });

  test(`parser and schema take every valid ${name}, and it comes back as the same line`, () => {
    for (const value of rows(`${name}.valid.ndjson`)) {
      const isValid = judge(value);
      assert.ok(isValid(value), `${JSON.stringify(value)}: ${ajv.errorsText(isValid.errors)}`);
      const result = parse(value);
      assert.ok('line' in result, JSON.stringify(result));
      const ofVersion = Object.keys((isValid === isValidNow ? schema : before).properties);
      const known = Object.entries(value as object).filter(([field]) => ofVersion.includes(field));
      assert.deepEqual(JSON.parse(result.line), Object.fromEntries(known));
    }
  });

  test(`parser and schema refuse every invalid ${name}, the parser names the field`, () => {
    for (const row of rows(`${name}.invalid.ndjson`)) {
      const { field, value } = row as { field: string; value: unknown };
      assert.ok(!judge(value)(value), `the schema takes ${JSON.stringify(row)}`);
      const result = parse(value);
      assert.ok('problem' in result, `the parser takes ${JSON.stringify(row)}`);
      assert.equal(result.problem.field, field, JSON.stringify(row));
      assert.notEqual(result.problem.reason, '');
    }
  });
}

test('the schema knows the currencies that have an exponent', () => {
  const { $defs } = JSON.parse(read('transaction.schema.json'));
  assert.deepEqual($defs.currency.enum, [...currencies.keys()].sort());
  assert.equal(currencies.get('JPY'), 0);
  assert.equal(currencies.get('USD'), 2);
  assert.equal(currencies.get('KWD'), 3);
});

test('both versions of a transaction are seen in their bytes as they are parsed', () => {
  const scanned = rows('transaction.valid.ndjson').map((value) => {
    const { transaction_id, schema_version } = value as Transaction;
    const line = Buffer.from(JSON.stringify(value));
    return {
      version: schema_version,
      seen: scanTransaction(line)?.transactionId === transaction_id,
    };
  });
  for (const version of [1, 2]) {
    assert.ok(
      scanned.filter((one) => one.version === version && one.seen).length >= 3,
      `${version}`,
    );
  }
  for (const row of rows('transaction.invalid.ndjson')) {
    const { value } = row as { value: unknown };
    const line = Buffer.from(JSON.stringify(value));
    const seen = scanTransaction(line);
    // What stands behind the known fields is looked at by the reader of the line.
    assert.ok(seen === undefined || seen.restAt < line.length - 1, JSON.stringify(row));
  }
});

test('a line has the order of the schema, whatever the order of the object', () => {
  const line = rows('transaction.valid.ndjson').map((value) => JSON.stringify(value))[0] ?? '';
  const turned = Object.fromEntries(Object.entries(JSON.parse(line)).reverse());
  const result = parseTransaction(turned);
  assert.ok('transaction' in result);
  assert.equal(transactionLine(result.transaction), line);
});
