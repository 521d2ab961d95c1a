import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';

const root = join(import.meta.dirname, '..', '..');
const folder = join(root, 'fixtures', 'contracts');
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

/** A contract, what it is given, and what every implementation makes of that. */
interface ContractCase {
  readonly contract: object;
  readonly schemas?: object;
  readonly inputs: object;
  readonly outcomes: object;
}

const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, read(join(folder, name)) as ContractCase] as const);
const schema = read(join(root, 'fixtures', 'schema', 'contract.schema.json')) as object;
const fits = new Ajv2020({ strictTypes: false }).compile(schema);

for (const [name, { contract, schemas, inputs, outcomes }] of cases) {
  test(`the contract of fixtures/contracts/${name} fits its schema, and gives what stands there`, async () => {
    assert.ok(fits(contract), JSON.stringify(fits.errors));
    const script = new URL('../../scripts/contract-fixtures.js', import.meta.url);
    const { outcomesOf } = await import(script.href);
    assert.deepEqual(
      JSON.parse(JSON.stringify(await outcomesOf({ contract, schemas, inputs }))),
      outcomes,
    );
  });
}

test('the schema of contracts refuses unknown keys and what is lacking', () => {
  const transactions = { payload: { id: '$transaction_id' } };
  for (const contract of [
    {},
    { verdict: { id: '/x' } },
    { transactions: {} },
    { transactions: { ...transactions, formt: 'json' } },
    { transactions: { format: 'raw', id: '/id' } },
    { verdicts: { score: '/s' } },
    { verdicts: { id: '/id', score: '/s', checks: { 'Not-1': { at: '/x', below: 1 } } } },
    { rejects: { reason: '/x' } },
  ]) {
    assert.equal(fits(contract), false, JSON.stringify(contract));
  }
  assert.ok(fits({ transactions, verdicts: { id: '/id', emits: 'frauds' } }));
});
