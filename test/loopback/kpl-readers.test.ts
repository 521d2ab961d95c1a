import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { deaggregate } from '../../dist/kpl/deaggregate.js';
import { type AggregableRecord, OpenAggregate } from '../../dist/kpl/open-aggregate.js';
import { readByPeer, writtenByPeer } from '../support/aws-kinesis-agg.ts';
import { bentAggregates } from '../support/bent-aggregates.ts';
import { missingProtobuf, readByProtobuf, writtenByProtobuf } from '../support/google-protobuf.ts';
import { randomRecords } from '../support/random-records.ts';

const records = randomRecords(10_000, 20_261_123);
const groups = packed(records);
const ours = groups.map(({ data }) => data);

/** The records in groups that fit the KPL's 51,200 bytes, each with its aggregate. */
function packed(all: readonly AggregableRecord[]): { group: AggregableRecord[]; data: Buffer }[] {
  const done: { group: AggregableRecord[]; data: Buffer }[] = [];
  let open = new OpenAggregate(51_200, 10_000);
  let group: AggregableRecord[] = [];
  for (const record of all) {
    if (!open.tryAdd(record)) {
      done.push({ group, data: open.encode() });
      open = new OpenAggregate(51_200, 10_000);
      open.tryAdd(record);
      group = [];
    }
    group.push(record);
  }
  return [...done, { group, data: open.encode() }];
}

function readByUs(data: Buffer): readonly AggregableRecord[] {
  const parts = deaggregate(data);
  assert.equal(parts.kind, 'aggregate');
  return parts.kind === 'aggregate' ? parts.records : [];
}

// aws-kinesis-agg keeps its tables as keys of an object. Whole numbers below 2^32 - 1 come first in
// such an object, whatever their turn, and some names are taken: records then get each other's keys.
function isRightByPeer({ partitionKey, explicitHashKey = '' }: AggregableRecord): boolean {
  const isNumber = [partitionKey, explicitHashKey].some((key) => /^(0|[1-9]\d{0,9})$/.test(key));
  return !isNumber && !['__proto__', 'constructor', 'hasOwnProperty'].includes(partitionKey);
}

test('10,000 records of ours are read back by us, each within 51,200 bytes', () => {
  assert.ok(ours.length > 1 && ours.every((data) => data.length <= 51_200));
  assert.deepEqual(ours.flatMap(readByUs), records);
});

test('what we write google.protobuf reads', { skip: missingProtobuf }, () => {
  const expected = groups.map(({ group }) => ({ kind: 'aggregate', records: group }));
  assert.deepEqual(readByProtobuf(ours), expected);
});

test('of bent messages google.protobuf and we think the same', { skip: missingProtobuf }, () => {
  const bent = bentAggregates(10_000, 7);
  const read = bent.map(deaggregate);
  const reasons = read.map((parts) => (parts.kind === 'damaged' ? parts.reason : parts.kind));
  assert.deepEqual([...new Set(reasons)].sort(), ['aggregate', 'index', 'protobuf']);
  assert.deepEqual(readByProtobuf(bent), read);
});

test('what google.protobuf writes is ours byte for byte', { skip: missingProtobuf }, () => {
  const theirs = writtenByProtobuf(groups.map(({ group }) => group));
  assert.deepEqual(theirs, ours);
  assert.deepEqual(theirs.flatMap(readByUs), records);
});

test('google.protobuf writes the golden vectors', { skip: missingProtobuf }, () => {
  const path = join(import.meta.dirname, '..', '..', 'fixtures', 'kpl', 'vectors.json');
  const { aggregates } = JSON.parse(readFileSync(path, 'utf8'));
  const golden = aggregates.map(({ hex }: { hex: string }) => Buffer.from(hex, 'hex'));
  assert.deepEqual(writtenByProtobuf(golden.map(readByUs)), golden);
});

// It gives a record without explicit hash key the first of the table: so all have one, or none.
test('what we write aws-kinesis-agg reads, where all have an explicit hash key or none has', () => {
  for (const hasHash of [true, false]) {
    const alike = records.filter((record) => 'explicitHashKey' in record === hasHash);
    const read = packed(alike).flatMap(({ data }) => readByPeer(data));
    assert.ok(alike.length > 1_000);
    assert.deepEqual(read, alike, `explicit hash keys: ${hasHash}`);
  }
});

test('what aws-kinesis-agg writes we read, where it writes what it was given', async () => {
  const right = records.filter(isRightByPeer);
  const theirs = await writtenByPeer(right);
  assert.ok(right.length > 1_000 && theirs.length > 0);
  assert.deepEqual(theirs.flatMap(readByUs), right);
});
