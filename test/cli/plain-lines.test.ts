import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BadLine } from '../../dist/files/reading/row.js';
import type { Recorded } from '../../dist/files/recorded.js';
import { recorded } from '../../dist/files/recorded-transactions.js';
import { instantMs } from '../../dist/transactions/instant.js';
import {
  parseTransaction,
  scanTransaction,
  type Transaction,
  transactionFields,
  transactionIn,
} from '../../dist/transactions/transaction.js';
import { inProcess } from '../support/in-process.ts';
import { fieldsOf, lineOf, mutated, type Random } from '../support/mutated-line.ts';
import { values } from '../support/odd-values.ts';
import { linesOf } from '../support/recordings.ts';
import { seeded } from '../support/seeded.ts';

const MUTATED = 60_000;
const decoder = new TextDecoder('utf-8', { fatal: true });
const { out } = await inProcess(['generate', '--count', '2000', '--seed', '8']);
const lines = linesOf(out);

/** Every value in every field, and lines with up to three things done to them at random. */
function* manyLines(seed: number): Generator<string> {
  const random = seeded(seed);
  const below: Random = (most) => Math.floor(random() * most);
  const [first = ''] = lines;
  for (let field = 0; field < transactionFields.length; field += 1) {
    for (const value of values) {
      const fields = fieldsOf(first);
      fields[field] = [fields[field]?.[0] ?? '', value];
      yield lineOf(fields);
    }
  }
  for (let count = 0; count < MUTATED; count += 1) {
    yield mutated(lines[below(lines.length)] ?? '', below);
  }
}

test('every line that the generator writes is plainly a transaction', () => {
  for (const line of lines) assert.ok(scanTransaction(Buffer.from(line)), line);
});

test('a line that is plainly a transaction is one to JSON.parse and to the table, with the same names and time', () => {
  let plain = 0;
  for (const line of manyLines(1)) {
    const bytes = Buffer.from(line, 'latin1');
    const seen = scanTransaction(bytes);
    if (seen?.restAt !== bytes.length - 1) continue;
    plain += 1;
    const value = JSON.parse(decoder.decode(bytes)) as Record<string, unknown>;
    const result = parseTransaction(value);
    assert.ok('transaction' in result, line);
    const { transaction_id, card_id, event_time } = result.transaction;
    assert.equal(result.transaction, value, `no stranger in ${line}`);
    assert.deepEqual(seen, {
      transactionId: transaction_id,
      cardId: card_id,
      eventAt: instantMs(event_time),
      restAt: bytes.length - 1,
    });
  }
  assert.ok(plain > MUTATED / 20, `only ${plain} were plain`);
});

/** White space behind the first brace: then no line is plain, and all go the long way. */
const roundabout = (line: string): string => line.replace(/^(\s*)\{/, '$1{ ');
const straight = (line: string): string => line.replace(/^(\s*)\{ /, '$1{');

test('what is read and what is refused do not depend on the way it was read', async () => {
  // A line feed would make two lines of one.
  const all = [...manyLines(2)].filter((line) => line !== '' && !/[\n]|\r$/.test(line));
  const short = await read(all);
  const long = await read(all.map(roundabout));
  assert.ok(long.records.every(({ transaction }) => transaction !== undefined));
  assert.ok(short.records.filter(({ transaction }) => !transaction).length > MUTATED / 20);
  assert.deepEqual(short.bad.map(saidOf), long.bad.map(saidOf));
  assert.equal(short.records.length, long.records.length);
  for (const [place, record] of short.records.entries()) {
    const other = factsOf(long.records[place] as Recorded);
    assert.deepEqual(factsOf(record), { ...other, data: straight(other.data) });
  }
});

test('a line that is cut where an object ends is refused as too long', async () => {
  const longest = 10 * 1_048_576;
  const line = `${lines[0]?.slice(0, -1)},"more":"${'x'.repeat(longest)}`.slice(0, longest - 2);
  const { records, bad } = await read([`${line}"} `, lines[1] ?? '']);
  assert.deepEqual(
    bad.map(({ reason }) => reason),
    ['is longer than 10485760 bytes'],
  );
  assert.equal(records.length, 1);
});

async function read(all: readonly string[]): Promise<{ records: Recorded[]; bad: BadLine[] }> {
  const file = Buffer.from(`${all.join('\n')}\n`, 'latin1');
  async function* input(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += 50_000) yield file.subarray(at, at + 50_000);
  }
  const bad: BadLine[] = [];
  const records: Recorded[] = [];
  const settings = { paths: ['-'], input: input(), s3: {}, format: undefined, mapping: undefined };
  const reject = (line: BadLine): void => void bad.push(line);
  for await (const group of recorded({ ...settings, reject })) records.push(...group);
  return { records, bad };
}

/** What is said of a bad line; what JSON.parse says shows the line itself, with its white space. */
const saidOf = ({ line, field, value, reason }: BadLine): object =>
  reason.startsWith('is not JSON') ? { line } : { line, field, value, reason };

const knownIn = (transaction: Transaction): object =>
  Object.fromEntries(transactionFields.map((field) => [field, transaction[field]]));

const factsOf = (record: Recorded) => ({
  ...record,
  data: Buffer.from(record.data).toString('latin1'),
  transaction: knownIn(transactionIn(record)),
});
