import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Label } from '../dist/records/label.js';
import type { Transaction } from '../dist/records/transaction.js';
import { fixtures, fraudstream } from './fraudstream.ts';

const MOST_BYTES = 400_000;
const MINUTE_MS = 60_000;
const source = join(fixtures, 'transactions');
/** One command of the README: `    fraudstream generate … --out fixtures/transactions/<name>.ndjson`. */
const COMMAND = /^ {4}fraudstream (generate .* --out) fixtures\/transactions\/(.*)\.ndjson$/gm;

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-fixtures-'));
});
after(() => rm(folder, { recursive: true }));

const names = ['quiet-hour', 'card-testing', 'account-takeover', 'day'] as const;
const text = (name: string): Promise<string> => readFile(join(source, name), 'utf8');

async function parsed<T>(name: string): Promise<readonly T[]> {
  return (await text(name))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

/** The transactions of a fixture, and those of them that are frauds. */
async function fixture(name: (typeof names)[number]): Promise<{
  readonly all: readonly Transaction[];
  readonly frauds: readonly Transaction[];
  readonly labels: readonly Label[];
}> {
  const all = await parsed<Transaction>(`${name}.ndjson`);
  const labels = await parsed<Label>(`${name}.labels.ndjson`);
  assert.deepEqual(
    all.map((each) => each.transaction_id),
    labels.map((each) => each.transaction_id),
  );
  const fraudulent = new Set(labels.flatMap((each) => (each.is_fraud ? each.transaction_id : [])));
  return { all, labels, frauds: all.filter((each) => fraudulent.has(each.transaction_id)) };
}

const spanMs = (all: readonly Transaction[]): number =>
  Date.parse(all.at(-1)?.event_time ?? '') - Date.parse(all[0]?.event_time ?? '');
const kindsOf = (labels: readonly Label[]): readonly string[] => [
  ...new Set(labels.flatMap((each) => each.fraud_scenario ?? [])),
];

test('the commands of the README make the fixtures again, byte for byte', async () => {
  const commands = [...(await text('README.md')).matchAll(COMMAND)];
  assert.deepEqual(
    commands.map(([, , name]) => name),
    names,
  );
  for (const [, command = '', name] of commands) {
    const args = [...command.split(' '), join(folder, `${name}.ndjson`)];
    const { code, err } = await fraudstream(args);
    assert.equal(code, 0, err);
    for (const part of [`${name}.ndjson`, `${name}.labels.ndjson`]) {
      const made = await readFile(join(folder, part), 'utf8');
      assert.ok(made === (await text(part)), `${part}: run "npm run update:fixtures"`);
    }
  }
});

test('the fixtures are small enough to read', async () => {
  const files = await readdir(source);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(source, file))).size));
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < MOST_BYTES);
});

test('an hour is quiet: few transactions, no fraud', async () => {
  const { all, frauds } = await fixture('quiet-hour');
  assert.equal(frauds.length, 0);
  assert.ok(all.length >= 20 && all.length <= 40);
  assert.ok(spanMs(all) < 60 * MINUTE_MS);
});

test('card testing is a burst of small, mostly declined payments with many cards', async () => {
  const { all, frauds, labels } = await fixture('card-testing');
  assert.deepEqual(kindsOf(labels), ['card_testing']);
  assert.ok(frauds.length >= 20 && spanMs(frauds) <= 10 * MINUTE_MS);
  assert.ok(all.length - frauds.length >= 30);
  const declined = frauds.filter((each) => each.response_code !== '00');
  assert.ok(declined.length > frauds.length / 2);
});

test('an account is taken over: from new addresses, and the card has a past', async () => {
  const { all, frauds, labels } = await fixture('account-takeover');
  assert.deepEqual(kindsOf(labels), ['account_takeover']);
  const [card, ...others] = new Set(frauds.map((each) => each.card_id));
  assert.deepEqual(others, []);
  const takenAt = frauds[0]?.event_time ?? '';
  const past = all.filter((each) => each.card_id === card && each.event_time < takenAt);
  assert.ok(frauds.length >= 4 && past.length >= 3);
  const known = new Set(past.map((each) => each.source_ip));
  assert.ok(frauds.every((each) => each.source_ip && !known.has(each.source_ip)));
});

test('a day has frauds of several kinds among many honest transactions', async () => {
  const { all, frauds, labels } = await fixture('day');
  assert.ok(kindsOf(labels).length >= 3);
  assert.ok(frauds.length * 5 < all.length && spanMs(all) > 20 * 60 * MINUTE_MS);
});
