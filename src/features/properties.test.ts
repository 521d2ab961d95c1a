import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../generators/numbers/random.ts';
import { ipRanges } from '../geoip/ip-ranges.ts';
import { instantMs } from '../transactions/instant.ts';
import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { featureSpecification } from './manifest.ts';
import { OnlineFeatures } from './online-features.ts';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 2, 2);
const addresses = ipRanges();
const width = new OnlineFeatures(addresses).width;

type Step = { readonly transaction: Transaction } | { readonly label: Label };

test('any interleaving that keeps the order of each card, address and merchant gives the same rows', () => {
  const random = new Random(1, 0);
  const steps = drawn(random, 1500);
  const wanted = rowsOf(new OnlineFeatures(addresses), steps);
  for (let turn = 0; turn < 20; turn += 1) {
    const other = interleaved(steps, random);
    assert.notDeepEqual(other.slice(0, 50), steps.slice(0, 50));
    assert.deepEqual(rowsOf(new OnlineFeatures(addresses), other), wanted);
  }
});

test('a snapshot goes on to the last bit, wherever it was taken', () => {
  const steps = drawn(new Random(2, 0), 1200);
  const wanted = rowsOf(new OnlineFeatures(addresses), steps);
  for (const cut of [0, 1, 333, 700, 1199]) {
    const first = new OnlineFeatures(addresses);
    const rows = rowsOf(first, steps.slice(0, cut));
    const second = OnlineFeatures.restore(first.snapshot(), addresses);
    assert.equal(second.late, first.late);
    for (const [id, row] of rowsOf(second, steps.slice(cut))) rows.set(id, row);
    assert.deepEqual(rows, wanted);
    // The first one was not disturbed by the second.
    for (const [id, row] of rowsOf(first, steps.slice(cut))) assert.deepEqual(row, wanted.get(id));
  }
});

test('bytes that are no snapshot, or one of other definitions, are refused by name', () => {
  const bytes = new OnlineFeatures(addresses).snapshot();
  const other = Buffer.from(bytes);
  other.write('0000', other.indexOf(featureSpecification), 'latin1');
  for (const wrong of [new Uint8Array(), Buffer.from('{}'), bytes.subarray(0, 40), other]) {
    assert.throws(() => OnlineFeatures.restore(wrong, addresses), { code: 'bad-data' });
  }
});

test('keys that are forgotten leave all rows as they were', () => {
  // The sweep follows the newest transaction of all. One state has neighbours who drive it on, the other has none.
  const own = drawn(new Random(3, 0), 400, 2 * DAY_MS);
  const lonely = rowsOf(new OnlineFeatures(addresses), own);
  const online = new OnlineFeatures(addresses);
  const together = rowsOf(online, withNeighbours(own));
  for (const [id, row] of lonely) assert.deepEqual(together.get(id), row, id);
  assert.ok(online.size().cards < 400, `${online.size().cards} cards are remembered`);
});

test('memory is bounded by what a month brings, however long it goes on', () => {
  const online = new OnlineFeatures(addresses);
  const row = new Float32Array(width);
  const sizes: number[] = [];
  for (let day = 0; day < 400; day += 1) {
    for (let of = 0; of < 50; of += 1) {
      const name = `${day}-${of}`;
      const names = { card_id: name, merchant_id: name, terminal_id: name };
      const fields = { ...names, source_ip: `23.${day % 250}.${of}.1` };
      online.row(transaction(name, day * DAY_MS + of, { ...fields, type: 'refund' }), row, 0);
      online.learn({ merchant_id: name, terminal_id: name }, START + day * DAY_MS);
    }
    sizes.push(online.size().bytes);
  }
  const [most, settled] = [Math.max(...sizes), sizes[60] as number];
  assert.ok(most <= settled * 1.02, `${most} bytes, ${settled} after 60 days`);
  assert.ok(online.size().cards <= 34 * 50);
});

test('a single transaction of the far future does not end what is known of others', () => {
  const [known, future] = [new OnlineFeatures(addresses), new OnlineFeatures(addresses)];
  const steps = drawn(new Random(4, 0), 300);
  const half: readonly Step[] = steps.slice(0, 150);
  const stray = { transaction: transaction('stray', 70 * 365 * DAY_MS, { card_id: 'stray' }) };
  const wanted = rowsOf(known, steps);
  const found = rowsOf(future, [...half, stray, ...steps.slice(150)]);
  found.delete('stray');
  assert.deepEqual(found, wanted);
});

test('the answer to a transaction changes no feature of its own row', () => {
  const online = new OnlineFeatures(addresses);
  for (const step of drawn(new Random(5, 0), 300)) {
    if ('label' in step) continue;
    const copy = OnlineFeatures.restore(online.snapshot(), addresses);
    const { response_code: answer } = step.transaction;
    const other = { ...step.transaction, response_code: answer === '00' ? '05' : '00' };
    assert.deepEqual(rowsOf(copy, [{ transaction: other }]), rowsOf(online, [step]));
  }
});

/** The row of each transaction, as bits, by its id. */
/** Features that are missing are NaN, whose bits differ between releases of Node: they are compared as numbers, which tells -0 from 0. */
function rowsOf(online: OnlineFeatures, steps: readonly Step[]): Map<string, Float32Array> {
  const rows = new Map<string, Float32Array>();
  for (const step of steps) {
    if ('label' in step) {
      online.learn(step.label, instantMs(step.label.reported_at ?? ''));
      continue;
    }
    const row = new Float32Array(width);
    online.row(step.transaction, row, 0);
    rows.set(step.transaction.transaction_id, row);
  }
  return rows;
}

/** Another order of the steps in which those that share a key, labels too, keep theirs. */
function interleaved(steps: readonly Step[], random: Random): readonly Step[] {
  const waiting = steps.map((step) => new Set(keysOf(step)));
  const heads = new Map<string, number[]>();
  for (const [index, keys] of waiting.entries()) {
    for (const key of keys) heads.set(key, [...(heads.get(key) ?? []), index]);
  }
  const isReady = (index: number): boolean =>
    [...(waiting[index] as Set<string>)].every((key) => heads.get(key)?.[0] === index);
  const ready = steps.flatMap((_, index) => (isReady(index) ? [index] : []));
  const order: Step[] = [];
  while (ready.length > 0) {
    const [index = 0] = ready.splice(random.below(ready.length), 1);
    order.push(steps[index] as Step);
    for (const key of waiting[index] as Set<string>) {
      heads.get(key)?.shift();
      const next = heads.get(key)?.[0];
      if (next !== undefined && isReady(next) && !ready.includes(next)) ready.push(next);
    }
  }
  assert.equal(order.length, steps.length);
  return order;
}

function keysOf(step: Step): readonly string[] {
  if ('label' in step) return [`merchant ${step.label.merchant_id}`];
  const { card_id, source_ip, merchant_id } = step.transaction;
  return [`card ${card_id}`, `ip ${source_ip}`, `merchant ${merchant_id}`];
}

/** Between any two steps a neighbour a minute later whom nobody else knows. */
function withNeighbours(steps: readonly Step[]): readonly Step[] {
  return steps.flatMap((step, index): readonly Step[] => {
    if ('label' in step) return [step];
    const at = Date.parse(step.transaction.event_time) - START;
    const neighbour = transaction(`neighbour-${index}`, at + 60_000, { card_id: `n${index}` });
    return [step, { transaction: neighbour }];
  });
}

/** Transactions of few keys, a tenth of them late, with labels among them; each a gap after the one before. */
function drawn(random: Random, count: number, gapMs = 3_600_000): readonly Step[] {
  const one = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  let now = 0;
  return Array.from({ length: count }, (_, index): Step => {
    if (random.unit() < 0.05) {
      const merchant = `m${random.below(40)}`;
      const reported_at = new Date(START + now).toISOString();
      const names = { merchant_id: merchant, terminal_id: one(['1', '2', null]) };
      return { label: { transaction_id: `${index}`, is_fraud: true, reported_at, ...names } };
    }
    now += Math.floor(one([0, 1, 0.1, 1]) * random.unit() * gapMs);
    const at = random.unit() < 0.1 ? Math.max(0, now - random.below(gapMs)) : now;
    const fields = {
      card_id: `c${random.below(120)}`,
      merchant_id: `m${random.below(40)}`,
      terminal_id: one(['1', '2', null]),
      source_ip: `23.26.${random.below(100)}.7`,
      device_id: one(['d1', 'd2', null]),
      merchant_country: one(['US', 'JP', null]),
      card_present: one([true, false]),
      response_code: one(['00', '51']),
      type: one(['purchase', 'refund'] as const),
    };
    return { transaction: transaction(`t${index}`, at, fields) };
  });
}

function transaction(id: string, at: number, fields: Partial<Transaction>): Transaction {
  const event_time = new Date(START + at).toISOString();
  const needed = { schema_version: 1 as const, transaction_id: id, event_time, card_id: id };
  return { ...needed, amount_minor: 1000, currency: 'USD', ...fields };
}
