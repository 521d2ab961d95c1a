import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import avsc from 'avsc';
import protobuf from 'protobufjs';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { DELAY_MS, type ForeignForm, foreignPipeline } from '../support/foreign-pipeline.ts';
import { fraudstream, local } from '../support/fraudstream.ts';

const COUNT = 400;
const examples = join(import.meta.dirname, '..', '..', 'examples');

let kinesis: EmbeddedKinesis;
let ids: readonly string[];
before(async () => {
  const streams = ['avro', 'protobuf'].flatMap((name) => [`${name}-in`, `${name}-out`]);
  kinesis = await startEmbeddedKinesis({
    streams: Object.fromEntries(streams.map((name) => [name, 1])),
    shardLimits: 'none',
  });
  const { out } = await fraudstream(['generate', '--count', String(COUNT), '--seed', '11']);
  ids = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).transaction_id);
});
after(() => kinesis.close());

/** Avro by avsc, behind the header of Glue: read compressed, written plain. */
function avroForm(): ForeignForm {
  const schema = (name: string): avsc.Schema =>
    JSON.parse(readFileSync(join(examples, 'avro-glue', `${name}.avsc`), 'utf8'));
  const transaction = avsc.Type.forSchema(schema('transaction'));
  const decision = avsc.Type.forSchema(schema('verdict'));
  const readVersion = Buffer.from('6d7f1c2e0b1a4c3d9e8f001122334455', 'hex');
  const header = Buffer.from('03000f0e0d0c0b0a49088706050403020100', 'hex');
  return {
    read: (data) => {
      const bytes = Buffer.from(data);
      assert.deepEqual([bytes[0], bytes[1]], [3, 5]);
      assert.deepEqual(bytes.subarray(2, 18), readVersion);
      const { eventId, amount, occurredAt } = transaction.fromBuffer(
        inflateSync(bytes.subarray(18)),
      );
      assert.ok(occurredAt > 1_500_000_000_000);
      return { id: eventId, isFraud: (amount as Buffer).at(-1) === 0 };
    },
    verdict: (eventId, isFraud) =>
      Buffer.concat([
        header,
        decision.toBuffer({
          eventId,
          fraud: { probability: isFraud ? 0.9 : 0.1, action: isFraud ? 'REVIEW' : 'APPROVE' },
        }),
      ]),
  };
}

/** Protobuf by protobufjs: read behind the header of Confluent, written bare. */
function protobufForm(): ForeignForm {
  const root = protobuf.loadSync(join(examples, 'protobuf', 'payments.proto'));
  const payment = root.lookupType('shop.Payment');
  const decision = root.lookupType('shop.Decision');
  return {
    read: (data) => {
      const bytes = Buffer.from(data);
      assert.deepEqual([...bytes.subarray(0, 6)], [0, 0, 0, 0, 7, 0]);
      const { id, amountMinor } = payment.decode(bytes.subarray(6)).toJSON();
      return { id, isFraud: Number(amountMinor) % 5 === 0 };
    },
    verdict: (id, isFraud) =>
      decision.encode({ id, points: isFraud ? 900 : 0, action: isFraud ? 1 : 0 }).finish(),
  };
}

const forms = [
  {
    name: 'avro',
    folder: 'avro-glue',
    form: avroForm,
    nonsense: /has 6 bytes, less than the 18 of its framing/,
  },
  {
    name: 'protobuf',
    folder: 'protobuf',
    form: protobufForm,
    nonsense: /is not of message Decision/,
  },
];

for (const { name, folder, form, nonsense } of forms) {
  test(`a pipeline of ${name}: loss, duplicates, delays and flips are reported exactly, by id`, async () => {
    const faults = {
      drop: ids.slice(0, 7),
      double: ids.slice(10, 15),
      delay: ids.slice(20, 23),
      flip: ids.slice(30, 36),
      nonsense: [Buffer.from([0, 255, 255, 255, 255, 1])],
    };
    const foreign = form();
    const decided = new Map<string, boolean>();
    const noting: ForeignForm = {
      ...foreign,
      read: (data) => {
        const read = foreign.read(data);
        decided.set(read.id, read.isFraud !== faults.flip.includes(read.id));
        return read;
      },
    };
    const streams = [`${name}-in`, `${name}-out`] as const;
    const pipeline = await foreignPipeline(kinesis.url, streams, noting, faults);
    const ended = await fraudstream(
      [
        ...['run', '--contract', join(examples, folder, 'contract.yaml')],
        ...['--stream', streams[0], '--verdict-stream', streams[1], '--count', String(COUNT)],
        ...['--seed', '11', '--rate', '400/s', '--warm-up', '0s'],
        ...['--late-after', `${DELAY_MS - 3_000}ms`, '--drain', '25s'],
        ...['--output', 'json', '--progress', 'none'],
      ],
      { ...local, AWS_ENDPOINT_URL_KINESIS: kinesis.url },
    );
    await pipeline.close();
    assert.equal(ended.code, 75, ended.err);
    const { correlation, quality, unread_verdicts, unread_verdict_examples } = JSON.parse(
      ended.out,
    );
    assert.deepEqual([...decided.keys()].sort(), [...ids].sort(), 'every transaction was read');
    assert.equal(correlation.matched + correlation.late, COUNT - faults.drop.length);
    assert.equal(correlation.missing, faults.drop.length);
    assert.equal(correlation.identical, faults.double.length);
    for (const [trouble, wanted] of [
      ['missing', faults.drop],
      ['duplicate', faults.double],
      ['late', faults.delay],
    ] as const) {
      assert.deepEqual([...correlation.examples[trouble]].sort(), [...wanted].sort(), trouble);
    }
    assert.equal(unread_verdicts, 1);
    assert.match(unread_verdict_examples[0], nonsense);
    const alarms = ids.filter((id) => decided.get(id) && !faults.drop.includes(id)).length;
    assert.equal(quality.true_positives + quality.false_positives, alarms, 'flips are counted');
  });
}
