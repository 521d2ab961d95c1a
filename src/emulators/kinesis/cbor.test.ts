import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cborBytes, cborValue } from './cbor.ts';

const read = (hex: string): unknown => cborValue(Buffer.from(hex, 'hex'));

// Source: RFC 8949, appendix A.
test('the examples of RFC 8949 are read, lengths that are not given in advance too', () => {
  assert.equal(read('1a000f4240'), 1_000_000);
  assert.equal(read('1b000000e8d4a51000'), 1_000_000_000_000);
  assert.equal(read('3903e7'), -1000);
  assert.equal(read('fb3ff199999999999a'), 1.1);
  assert.equal(read('fa47c35000'), 100_000);
  assert.deepEqual(read('83f5f4f6'), [true, false, null]);
  assert.equal(read('62c3bc'), 'ü');
  assert.deepEqual(read('9f01820203ff'), [1, [2, 3]]);
  assert.deepEqual(read('bf61610161629f0203ffff'), { a: 1, b: [2, 3] });
  assert.equal(read('7f657374726561646d696e67ff'), 'streaming');
  assert.equal(read('5f42010243030405ff'), Buffer.from([1, 2, 3, 4, 5]).toString('base64'));
});

test('a timestamp is milliseconds on the wire and seconds here', () => {
  assert.deepEqual(read('a162546fc11b0000018cc251f400'), { To: 1_704_067_200 });
});

test('what is no whole item is refused: cut off, endless, nested for ever, with bytes behind it', () => {
  const bad = ['', '62', '1b00', '9f01', 'a1', 'f8', '1c', '0101', '5bffffffffffffffff', '7f01ff'];
  for (const hex of [...bad, '81'.repeat(100_000)]) {
    assert.throws(() => read(hex), RangeError, hex.slice(0, 20));
  }
});

test('answers come back as they were, blobs as bytes and instants as milliseconds', () => {
  const answer = {
    Records: [
      {
        SequenceNumber: '49500000000000000000000000000000000000000000000000000001',
        ApproximateArrivalTimestamp: 1_704_067_200.123,
        Data: Buffer.from('héllo'.repeat(5_000)).toString('base64'),
        PartitionKey: 'k€y',
      },
    ],
    MillisBehindLatest: 0,
    Share: 0.25,
    Below: -70_000,
    Many: 2 ** 40,
    Flags: [true, false, null],
  };
  assert.deepEqual(cborValue(cborBytes(answer)), answer);
  assert.ok(cborBytes(answer).includes(Buffer.from('héllo'.repeat(5_000))));
});
