import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import {
  candidates,
  featureSource,
  GeneratedTruth,
  inlineTruth,
  noSink,
  producerDefaults,
  put,
  requestBody,
  type ScoreRunSettings,
  ScoreSinks,
  sageMakerClient,
  scoreDefaults,
  scoreForm,
  scoreRun,
  scoreStream,
  startEmbeddedKinesis,
  startEndpoint,
  streamClient,
  systemClock,
  take,
  textSink,
  unpaced,
  userRecords,
  type Verdict,
  world,
} from '../../dist/index.js';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-library-'));
after(() => rmSync(folder, { recursive: true }));
const clock = systemClock;
const random = Math.random;
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
const features = { features: 'computed', ipSpace: 'public' } as const;

const settings: ScoreRunSettings = {
  scoring: { ...scoreDefaults, batchRows: 20, isOrdered: true },
  form: scoreForm(requestBody('text/csv', 'text/csv', undefined), undefined),
  verdict: { threshold: 0.5, modelVersion: undefined, withFeatures: false },
  costs: { missedFraud: 100, falseAlarm: 1 },
  warmUpMs: 0,
};

async function localEndpoint() {
  const endpoint = await startEndpoint();
  const client = await sageMakerClient(
    {
      ...{ endpointName: endpoint.name, endpointUrl: endpoint.url, region: 'us-east-1' },
      ...{ credentials, contentType: 'text/csv', accept: 'text/csv' },
      ...{ connections: 8, connectTimeoutMs: 5_000, transport: 'fast' },
    },
    clock,
  );
  const close = async (): Promise<void> => {
    await client.close();
    await endpoint.close();
  };
  return { client, close };
}

/** Sinks that keep the verdicts there. */
function sinksTo(
  verdicts: Verdict[],
  acknowledge: (ids: readonly string[]) => void = () => undefined,
): ScoreSinks {
  const keep = async (lines: string): Promise<void> => {
    for (const line of lines.trim().split('\n')) verdicts.push(JSON.parse(line));
  };
  return new ScoreSinks(textSink(keep, acknowledge), noSink(acknowledge));
}

test('scoreRun scores a generated world without a command line, and measures it', async () => {
  const { client, close } = await localEndpoint();
  try {
    const truth = new GeneratedTruth();
    const source = featureSource(features);
    const made = userRecords(await world({ seed: 7 }), (label) => {
      truth.add(label);
      source.expect(label);
    });
    const records = unpaced(take(made, 300), clock, new AbortController().signal);
    const verdicts: Verdict[] = [];
    const sinks = sinksTo(verdicts);
    const result = await scoreRun(candidates(records, source.of, false), client, settings, {
      ...{ clock, random, truth, sinks },
    });
    assert.equal(result.failure, undefined);
    assert.equal(result.undelivered, 0);
    assert.equal(result.figures.scoring.scored, 300);
    assert.equal(result.figures.quality?.labelled, 300);
    assert.equal(verdicts.length, 300);
  } finally {
    await close();
  }
});

test('scoreRun gives an error of its source back, with the figures before it', async () => {
  const { client, close } = await localEndpoint();
  try {
    const source = featureSource(features);
    async function* broken() {
      const made = userRecords(await world({ seed: 7 }));
      yield* unpaced(take(made, 40), clock, new AbortController().signal);
      throw new Error('the source broke');
    }
    const verdicts: Verdict[] = [];
    const sinks = sinksTo(verdicts);
    const result = await scoreRun(candidates(broken(), source.of, false), client, settings, {
      ...{ clock, random, truth: inlineTruth, sinks },
    });
    assert.match(String(result.failure?.error), /the source broke/);
    assert.equal(result.figures.scoring.scored, 40);
    assert.equal(verdicts.length, 40);
  } finally {
    await close();
  }
});

test('scoreStream scores a stream from checkpoint to checkpoint, each transaction once', async () => {
  const { client, close } = await localEndpoint();
  const kinesis = await startEmbeddedKinesis({ streams: { transactions: 2 } });
  const stream = await streamClient({
    ...{ stream: 'transactions', region: 'us-east-1', endpointUrl: kinesis.url, credentials },
    ...{ maxConnections: 4, requestTimeoutMs: 30_000, connectTimeoutMs: 30_000 },
  });
  try {
    const stop = new AbortController().signal;
    const records = unpaced(take(userRecords(await world({ seed: 7 })), 300), clock, stop);
    for await (const _ of put(records, stream, { clock, random }, producerDefaults));
    const all: Verdict[] = [];
    const scored = async (count: number): Promise<number> => {
      const result = await scoreStream(
        stream,
        client,
        {
          ...{ ...settings, ...features, count, stream: 'transactions', from: 'trim-horizon' },
          ...{ featureOrder: 'event-time', checkpoint: join(folder, 'engine.checkpoint') },
          checkpointIntervalMs: 1_000,
        },
        {
          ...{ clock, random, stop, truth: inlineTruth },
          openSinks: async (acknowledge) => sinksTo(all, acknowledge),
        },
      );
      assert.equal(result.failure, undefined);
      assert.equal(result.unread, 0);
      return result.figures.scoring.scored;
    };
    assert.equal(await scored(120), 120);
    assert.equal(await scored(180), 180);
    assert.equal(new Set(all.map(({ transaction_id }) => transaction_id)).size, 300);
  } finally {
    stream.close();
    await kinesis.close();
    await close();
  }
});
