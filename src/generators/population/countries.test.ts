import assert from 'node:assert/strict';
import { test } from 'node:test';
import { take } from '../../stream/async-iterables.ts';
import { type LabelledTransaction, transactions } from '../transactions.ts';
import { world } from '../world.ts';
import { countries as known } from './countries.ts';

async function some(countries?: readonly string[]): Promise<readonly LabelledTransaction[]> {
  const made = await world({
    seed: 5,
    cards: 2000,
    fraudRate: 0.05,
    ...(countries && { countries }),
  });
  const found: LabelledTransaction[] = [];
  for await (const group of take(transactions(made), 10_000)) found.push(...group);
  return found;
}

test('cards and merchants are in the countries named, and in all of them', async () => {
  const found = await some(['JP', 'DE']);
  for (const field of ['card_country', 'merchant_country'] as const) {
    const seen = new Set(found.map(({ transaction }) => transaction[field]));
    assert.deepEqual([...seen].sort(), ['DE', 'JP']);
  }
  const currencies = new Set(found.map(({ transaction }) => transaction.currency));
  assert.deepEqual([...currencies].sort(), ['EUR', 'JPY']);
});

test('people of one country stay there', async () => {
  for (const { transaction } of await some(['KW'])) {
    assert.equal(transaction.merchant_country, 'KW');
    assert.equal(transaction.currency, 'KWD');
  }
});

test('all countries named one by one are the world that nobody restricted', async () => {
  assert.deepEqual(await some(known.map(({ code }) => code)), await some());
});

test('a country that is not in the world is refused, and those that are are named', async () => {
  await assert.rejects(world({ countries: ['DE', 'XX'] }), /no country XX.*US, GB, DE/);
  await assert.rejects(world({ countries: [] }), /no country at all/);
});
