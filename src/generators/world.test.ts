import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import { ipRanges } from '../geoip/ip-ranges.ts';
import type { IpSpace } from '../geoip/ip-space.ts';
import type { Label } from '../transactions/label.ts';
import { transactionLine } from '../transactions/transaction.ts';
import type { UserRecord } from '../transactions/user-record.ts';
import { type LabelledTransaction, transactions } from './transactions.ts';
import { userRecords } from './user-records.ts';
import { type WorldSettings, world } from './world.ts';

const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'world');

function first<T>(groups: Iterable<readonly T[]>, count: number): T[] {
  const found: T[] = [];
  for (const group of groups) {
    found.push(...group.slice(0, count - found.length));
    if (found.length >= count) break;
  }
  return found;
}

async function records(settings: WorldSettings, count: number): Promise<UserRecord[]> {
  return first(userRecords(await world(settings)), count);
}

async function labelled(settings: WorldSettings, count: number): Promise<LabelledTransaction[]> {
  return first(transactions(await world(settings)), count);
}

const sha256 = (lines: readonly UserRecord[]): string => {
  const hash = createHash('sha256');
  for (const { data } of lines) hash.update(data).update('\n');
  return hash.digest('hex');
};

test('the first lines of a seed are the same on every machine', async () => {
  const golden = JSON.parse(readFileSync(join(fixtures, 'golden.json'), 'utf8'));
  const lines = await records({ seed: golden.seed }, golden.lines);
  assert.equal(sha256(lines), golden.sha256);
});

test('the same seed gives the same bytes, another seed others', async () => {
  const one = sha256(await records({ seed: 'a', cards: 500 }, 2000));
  assert.equal(sha256(await records({ seed: 'a', cards: 500 }, 2000)), one);
  assert.notEqual(sha256(await records({ seed: 'b', cards: 500 }, 2000)), one);
});

test('the bytes of a record are the line of its transaction, and the record is keyed by its card', async () => {
  // A rate and a start that reach several days and frauds; few cards, so that many things repeat.
  const settings = { seed: 7, cards: 300, fraudRate: 0.2, start: Date.UTC(2024, 1, 28, 22) };
  const objects = await labelled(settings, 20_000);
  for (const [index, record] of (await records(settings, 20_000)).entries()) {
    const { transaction } = objects[index] as LabelledTransaction;
    assert.equal(Buffer.from(record.data).toString(), transactionLine(transaction));
    assert.equal(record.id, transaction.transaction_id);
    assert.equal(record.partitionKey, transaction.card_id);
  }
});

test('whoever takes records is told of each fraud among them, and of nothing else', async () => {
  const settings = { seed: 7, fraudRate: 0.1 };
  const actual: Label[] = [];
  const ids = new Set<string>();
  for (const group of userRecords(await world(settings), (label) => actual.push(label))) {
    for (const { id } of group) ids.add(id);
    if (ids.size >= 5120) break;
  }
  const frauds = (await labelled(settings, 5120)).map(({ label }) => label);
  assert.deepEqual(
    actual,
    frauds.filter(({ is_fraud }) => is_fraud),
  );
  assert.ok(actual.every((label) => ids.has(label.transaction_id)));
});

test('no two of 100,000 transactions have the same id; the checks ask ten million', async () => {
  const ids = new Set<string>();
  let count = 0;
  for (const group of userRecords(await world({ seed: 3, cards: 2000 }))) {
    for (const { id } of group) ids.add(id);
    count += group.length;
    if (count >= 100_000) break;
  }
  assert.equal(ids.size, count);
});

test('event times never go back, begin with the world and end before its duration is over', async () => {
  const start = Date.UTC(2026, 5, 1);
  const day = 86_400_000;
  const settings = { seed: 5, cards: 4000, start, durationMs: day };
  const times = (await labelled(settings, Number.POSITIVE_INFINITY)).map(({ transaction }) =>
    Date.parse(transaction.event_time),
  );
  assert.ok((times[0] ?? 0) >= start && (times.at(-1) ?? 0) < start + day);
  assert.ok(times.every((time, index) => index === 0 || time >= (times[index - 1] as number)));
});

test('as many transactions happen in a week as the rate says, within one in thirty', async () => {
  const durationMs = 7 * 86_400_000;
  // A week of a month that is as busy as the year is on average.
  const start = Date.UTC(2026, 4, 11);
  const settings = { seed: 5, transactionsPerSecond: 0.2, start, durationMs };
  const { length } = await records(settings, Number.POSITIVE_INFINITY);
  const expected = 0.2 * 7 * 86_400;
  assert.ok(Math.abs(length / expected - 1) < 1 / 30, `${length} instead of ${expected}`);
});

test('the slices of a world are disjoint, and together are the world', async () => {
  const settings = { seed: 9, cards: 3000, durationMs: 43_200_000 };
  const all = await records(settings, Number.POSITIVE_INFINITY);
  const parts: UserRecord[] = [];
  for (const index of [0, 1, 2]) {
    const partition = { index, of: 3 };
    parts.push(...(await records({ ...settings, partition }, Number.POSITIVE_INFINITY)));
  }
  const lines = (list: readonly UserRecord[]): string[] =>
    list.map(({ data }) => Buffer.from(data).toString()).sort();
  assert.ok(all.length > 1000);
  assert.deepEqual(lines(parts), lines(all));
});

test('a world of one card goes on', async () => {
  const list = await labelled({ seed: 1, cards: 1, fraudRate: 0, habits: { lostCards: 0 } }, 100);
  // A number that was mistyped belongs to nobody: nothing is known about its account.
  const known = list.filter(({ transaction }) => transaction.account_age_days !== null);
  assert.ok(known.length > 90);
  assert.equal(new Set(known.map(({ transaction }) => transaction.card_id)).size, 1);
});

test('a world without fraud and one of nothing else are both worlds', async () => {
  const none = await labelled({ seed: 1, fraudRate: 0 }, 5000);
  assert.ok(none.every(({ label }) => !label.is_fraud));
  const all = await labelled({ seed: 1, fraudRate: 1 }, 5000);
  // But for the customers' own purchases that some frauds begin with.
  assert.ok(all.filter(({ label }) => label.is_fraud).length > 4000);
});

test('customers buy from home as a rule, in either space of addresses', async () => {
  for (const ipSpace of ['public', 'documentation'] as const) {
    const { lookup } = ipRanges(ipSpace);
    const list = await labelled({ seed: 11, fraudRate: 0, ipSpace }, 20_000);
    const buyers = list.flatMap(({ transaction: { source_ip: ip, card_country: home } }) =>
      ip ? [{ ip, home, network: lookup(ip) }] : [],
    );
    assert.ok(buyers.length > 2000);
    assert.ok(buyers.every(({ network }) => network !== undefined));
    const atHome = buyers.filter(({ network, home }) => network?.country === home);
    const share = atHome.length / buyers.length;
    assert.ok(share > 0.85 && share < 0.99, `${ipSpace}: ${share}`);
    const documented = buyers.filter(({ ip }) =>
      /^(192\.0\.2|198\.51\.100|203\.0\.113)\.|^2001:db8:/.test(ip),
    );
    assert.equal(documented.length, ipSpace === 'documentation' ? buyers.length : 0);
  }
});

test('a setting that makes no world is refused by name, with the value seen', async () => {
  const wrong: readonly (readonly [WorldSettings, RegExp])[] = [
    [{ cards: 0 }, /cards is 0/],
    [{ cards: 1.5 }, /cards is 1.5/],
    [{ merchants: 5 }, /merchants is 5/],
    [{ fraudRate: 2 }, /fraudRate is 2/],
    [{ fraudRate: Number.NaN }, /fraudRate is NaN/],
    [{ transactionsPerSecond: 0 }, /transactionsPerSecond is 0/],
    [{ durationMs: 0 }, /durationMs is 0/],
    [{ partition: { index: 2, of: 2 } }, /partition is 2\/2/],
    [{ ipSpace: 'private' as IpSpace }, /ipSpace is private: give public or documentation/],
  ];
  for (const [settings, message] of wrong) {
    await assert.rejects(
      world(settings),
      (error) => error instanceof FraudstreamError && message.test(error.message),
    );
  }
});
