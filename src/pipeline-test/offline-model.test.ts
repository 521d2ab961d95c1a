import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Sourced } from '../scoring/candidates.ts';
import { offlineModel } from './offline-model.ts';

const root = join(import.meta.dirname, '..', '..');
const day = readFileSync(join(root, 'fixtures', 'transactions', 'day.ndjson'), 'utf8');
const transactions = day
  .trim()
  .split('\n')
  .slice(0, 400)
  .map((line) => JSON.parse(line));
const shop = transactions[0];

/** The transactions, as if all had been made in one shop, some at each instant. */
function rushed(atOnce: number, more: object = {}): readonly Sourced[] {
  return transactions.map((transaction, place) => {
    const at = Date.parse(shop.event_time) + Math.floor(place / atOnce) * 60_000;
    const changes = {
      event_time: new Date(at).toISOString(),
      merchant_id: shop.merchant_id,
      mcc: shop.mcc,
      ...more,
    };
    const data = Buffer.from(JSON.stringify({ ...transaction, ...changes }));
    return { id: transaction.transaction_id, partitionKey: transaction.card_id, data };
  });
}

async function scoresById(records: readonly Sourced[]): Promise<ReadonlyMap<string, number>> {
  const scores = (await offlineModel(undefined, 'documentation')).expected(records);
  return new Map(records.map(({ id }, place) => [id, scores[place] as number]));
}

test('transactions of one instant are scored as if they came by their ids, whoever was sent first', async () => {
  const records = rushed(4);
  const turned: Sourced[] = [];
  for (let from = 0; from < records.length; from += 4) {
    turned.push(...records.slice(from, from + 4).reverse());
  }
  assert.deepEqual([...(await scoresById(turned))].sort(), [...(await scoresById(records))].sort());
});

test('transactions of different instants are scored in the order in which they are sent', async () => {
  const records = rushed(1);
  const inOrder = await scoresById(records);
  const backwards = await scoresById([...records].reverse());
  const others = [...inOrder].filter(([id, score]) => backwards.get(id) !== score);
  assert.ok(others.length > 100, `${others.length} scores hang on the order`);
});

test('labels that the pipeline is given change the expected scores from their report on', async () => {
  const records = rushed(1, { terminal_id: shop.terminal_id });
  const at = (place: number): string =>
    new Date(Date.parse(shop.event_time) + place * 60_000).toISOString();
  const labels = Array.from({ length: 40 }, (_, index) => ({
    transaction_id: `reported-${index}`,
    is_fraud: true,
    reported_at: at(20),
    merchant_id: shop.merchant_id,
    terminal_id: shop.terminal_id,
  }));
  const model = await offlineModel(undefined, 'documentation');
  model.learn?.(labels);
  const [learnt, plain] = [model.expected(records), [...(await scoresById(records)).values()]];
  assert.deepEqual([...learnt.slice(0, 20)], plain.slice(0, 20));
  const differing = plain.slice(20).filter((score, place) => score !== learnt[20 + place]);
  assert.ok(differing.length > 50, `${differing.length} scores differ`);
});
