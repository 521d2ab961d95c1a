import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { after, SequenceNumbers, type StoredRecord, StoredShard } from './shard.ts';

const range = [
  [0, 0, 0, 0],
  [1, 1, 1, 1],
] as const;

/** A shard with records of 10 bytes that arrived at 0, 10, 20 ms and so on. */
function filled(count: number): { readonly shard: StoredShard; readonly records: StoredRecord[] } {
  const sequence = new SequenceNumbers();
  const shard = new StoredShard('shardId-000000000000', range, [], sequence.next(), 0);
  const records = Array.from({ length: count }, (_, place) => ({
    sequenceNumber: sequence.next(),
    partitionKey: String(place),
    base64: '',
    bytes: 10,
    arrivedAt: place * 10,
  }));
  for (const record of records) shard.append(record);
  return { shard, records };
}

function trimmed(shard: StoredShard, times: number): StoredShard {
  for (let time = 0; time < times; time += 1) shard.trim();
  return shard;
}

test('a shard is open until it has an ending sequence number', () => {
  const { shard } = filled(0);
  assert.ok(shard.isOpen);
  shard.endingSequenceNumber = shard.startingSequenceNumber;
  assert.ok(!shard.isOpen);
});

test('reading begins at the first record whose number is not below, and ends after so many', () => {
  const { shard, records } = filled(50);
  assert.deepEqual(shard.from(shard.startingSequenceNumber, 100), records);
  assert.deepEqual(shard.from(records[20]?.sequenceNumber ?? '', 3), records.slice(20, 23));
  assert.deepEqual(shard.from(records[49]?.sequenceNumber ?? '', 3), records.slice(49));
});

test('an empty shard has nothing to read, no oldest and no newest', () => {
  const { shard } = filled(0);
  assert.deepEqual(shard.from('', 10), []);
  assert.equal(shard.oldest, undefined);
  assert.equal(shard.newest, undefined);
  assert.equal(shard.firstAt(0), undefined);
});

for (const [instant, place] of [
  [-1, 0],
  [0, 0],
  [1, 1],
  [490, 49],
  [491, undefined],
] as const) {
  test(`the first record that arrived at ${instant} ms or later is ${place ?? 'none'}`, () => {
    const { shard, records } = filled(50);
    assert.equal(shard.firstAt(instant), place === undefined ? undefined : records[place]);
  });
}

for (const times of [1, 49, 1_023, 1_024, 1_500, 2_999]) {
  test(`after ${times} of 3000 records were trimmed, reading goes on from the oldest left`, () => {
    const { shard, records } = filled(3_000);
    trimmed(shard, times);
    assert.equal(shard.count, 3_000 - times);
    assert.equal(shard.bytes, (3_000 - times) * 10);
    assert.equal(shard.oldest, records[times]);
    assert.equal(shard.newest, records.at(-1));
    assert.deepEqual(shard.from(shard.startingSequenceNumber, 5_000), records.slice(times));
    assert.equal(shard.firstAt(0), records[times]);
  });
}

test('a shard trimmed to nothing is empty, and takes records again', () => {
  const { shard, records } = filled(3);
  trimmed(shard, 3);
  assert.deepEqual([shard.count, shard.bytes, shard.oldest], [0, 0, undefined]);
  assert.deepEqual(shard.from('', 10), []);
  const [record] = records;
  assert.ok(record);
  const next = { ...record, sequenceNumber: `${record.sequenceNumber.slice(0, -3)}999` };
  shard.append(next);
  assert.deepEqual(shard.from('', 10), [next]);
  assert.equal(shard.bytes, 10);
});

test('the memory of a trimmed record is free at once, not a stride later', async () => {
  setFlagsFromString('--expose-gc');
  const { shard } = filled(3);
  const [first, second] = shard.from('', 2).map((record) => new WeakRef(record));
  shard.trim();
  // A reference is held until the turn ends in which it was looked at.
  await turn();
  runInNewContext('gc')();
  assert.equal(first?.deref(), undefined);
  assert.equal(second?.deref(), shard.oldest);
});

test('each sequence number is higher than all before, as a text and as a number', () => {
  const sequence = new SequenceNumbers();
  const given = Array.from({ length: 1_200 }, () => sequence.next());
  for (const [place, number] of given.entries()) {
    assert.match(number, /^\d{56}$/);
    const before = given[place - 1];
    if (before === undefined) continue;
    assert.ok(number > before, `${number} > ${before}`);
    assert.ok(BigInt(number) > BigInt(before), `${number} > ${before}`);
  }
});

test('the number after the last one is the next to be given', () => {
  const sequence = new SequenceNumbers();
  for (let times = 0; times < 10; times += 1) sequence.next();
  const last = sequence.next();
  assert.equal(after(last), sequence.next());
});

test('a sequence knows what it gave, and nothing higher', () => {
  const sequence = new SequenceNumbers();
  const given = [sequence.next(), sequence.next()];
  assert.ok(given.every((number) => sequence.hasGiven(number)));
  assert.ok(!sequence.hasGiven(after(given[1] ?? '')));
});

for (const [text, what] of [
  ['', 'nothing'],
  ['12', 'a short number'],
  ['49590338271490256608559692538361571095921575989136588898', 'a number of AWS'],
  [`495${'0'.repeat(52)}x`, 'a letter'],
  [`495${'0'.repeat(54)}`, 'one digit more'],
  [`395${'0'.repeat(53)}`, 'another prefix'],
] as const) {
  test(`${what} was never given`, () => {
    const sequence = new SequenceNumbers();
    sequence.next();
    assert.ok(!sequence.hasGiven(text));
  });
}
