import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import type { Label } from '../../dist/transactions/label.js';
import type { Transaction } from '../../dist/transactions/transaction.js';
import { fixtures, fraudstream } from '../support/fraudstream.ts';
import { folder, idsOf, linesOf, recordsOf, type There, there } from '../support/recordings.ts';

const place = folder('shipped');
const at = (name: string): string => join(fixtures, 'transactions', name);
const readme = readFileSync(at('README.md'), 'utf8');
const commands = [...readme.matchAll(/^ {4}fraudstream (.+)$/gm)].map(([, line = '']) => line);
const names = commands.map((line) => /transactions\/(\S+)\.ndjson$/.exec(line)?.[1] ?? '');
const MOST_BYTES = 400_000;
const MINUTE_MS = 60_000;
let embedded: There;
before(async () => {
  embedded = await there(Object.fromEntries(names.map((name) => [name, 2])));
});

for (const [index, name] of names.entries()) {
  const path = at(`${name}.ndjson`);
  const records = linesOf(readFileSync(path, 'utf8')).map((line) => JSON.parse(line));

  test(`${name}: the command of the README makes it, byte for byte`, async () => {
    const line = (commands[index] ?? '').replace(/ --out \S+/, '');
    const out = join(place, `${name}.ndjson`);
    const { code, err } = await fraudstream([...line.split(' '), '--out', out]);
    assert.equal(code, 0, err);
    for (const ending of ['.ndjson', '.labels.ndjson']) {
      const [made, shipped] = [join(place, name + ending), at(name + ending)];
      assert.ok(
        readFileSync(made).equals(readFileSync(shipped)),
        `npm run update:fixtures: ${ending}`,
      );
    }
  });

  test(`${name}: it is valid, replays into the embedded Kinesis and comes back by id`, async () => {
    assert.equal((await fraudstream(['validate', path])).code, 0);
    const labels = at(`${name}.labels.ndjson`);
    assert.equal((await fraudstream(['validate', labels, '--kind', 'label'])).code, 0);
    const timing = index === 0 ? ['--speed', '100x', '--max-gap', '500ms'] : ['--speed', 'max'];
    const args = ['replay', path, '--stream', name, ...timing, '--on-error', 'stop'];
    const { code, err } = await fraudstream(args, embedded.env);
    assert.equal(code, 0, err);
    const found = await recordsOf(name, records.length, embedded.env);
    assert.deepEqual(idsOf(found), idsOf(records));
  });
}

test('the burst at its original speed, short pauses only, has the order it had', async () => {
  const args = ['--max-gap', '10ms', '--to', 'stdout', '--progress', 'none'];
  const { out } = await fraudstream(['replay', at('card-testing.ndjson'), ...args]);
  assert.equal(out, readFileSync(at('card-testing.ndjson'), 'utf8'));
});

const parsed = (name: string): readonly unknown[] =>
  linesOf(readFileSync(at(name), 'utf8')).map((line) => JSON.parse(line));

/** The transactions of a fixture, and those of them that are frauds. */
function fixture(name: string): {
  readonly all: readonly Transaction[];
  readonly frauds: readonly Transaction[];
  readonly labels: readonly Label[];
} {
  const all = parsed(`${name}.ndjson`) as readonly Transaction[];
  const labels = parsed(`${name}.labels.ndjson`) as readonly Label[];
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

test('the fixtures are small enough to read', () => {
  const sizes = readdirSync(at('')).map((file) => statSync(at(file)).size);
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) < MOST_BYTES);
});

test('an hour is quiet: few transactions, no fraud', () => {
  const { all, frauds } = fixture('quiet-hour');
  assert.equal(frauds.length, 0);
  assert.ok(all.length >= 20 && all.length <= 40);
  assert.ok(spanMs(all) < 60 * MINUTE_MS);
});

test('card testing is a burst of small, mostly declined payments with many cards', () => {
  const { all, frauds, labels } = fixture('card-testing');
  assert.deepEqual(kindsOf(labels), ['card_testing']);
  assert.ok(frauds.length >= 20 && spanMs(frauds) <= 10 * MINUTE_MS);
  assert.ok(all.length - frauds.length >= 30);
  const declined = frauds.filter((each) => each.response_code !== '00');
  assert.ok(declined.length > frauds.length / 2);
});

test('an account is taken over: from new addresses, and the card has a past', () => {
  const { all, frauds, labels } = fixture('account-takeover');
  assert.deepEqual(kindsOf(labels), ['account_takeover']);
  const [card, ...others] = new Set(frauds.map((each) => each.card_id));
  assert.deepEqual(others, []);
  const takenAt = frauds[0]?.event_time ?? '';
  const past = all.filter((each) => each.card_id === card && each.event_time < takenAt);
  assert.ok(frauds.length >= 4 && past.length >= 3);
  const known = new Set(past.map((each) => each.source_ip));
  assert.ok(frauds.every((each) => each.source_ip && !known.has(each.source_ip)));
});

test('a day has frauds of several kinds among many honest transactions', () => {
  const { all, frauds, labels } = fixture('day');
  assert.ok(kindsOf(labels).length >= 3);
  assert.ok(frauds.length * 5 < all.length && spanMs(all) > 20 * 60 * MINUTE_MS);
});
