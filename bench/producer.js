// User records a second that one process puts to a server which answers at once: fraudstream's
// producer against PutRecords of the AWS SDK as its documentation shows it (500 records a call,
// as many calls at once). Same records, same server, alternating runs, medians.
//   npm run build && node bench/producer.js
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { threadedClient } from '../dist/kinesis/client/threaded-client.js';
import { producerDefaults } from '../dist/kinesis/producer/producer-settings.js';
import { put } from '../dist/kinesis/producer/put.js';
import { Delivery } from '../dist/metrics/delivery.js';
import { systemClock } from '../dist/runtime.js';
import { alternating, atLeast, medians, publish, ratio, settings } from './support/benchmark.js';

const given = settings({ runs: 3, records: 500_000 }, { runs: 5, records: 1_000_000 });
const PAYLOAD_BYTES = 250;
const CONNECTIONS = 24;
const LEAST_PER_SECOND = 500_000;
const LEAST_RATIO = 3;

const records = Array.from({ length: 200_000 }, (_, index) => ({
  id: String(index),
  partitionKey: `card_${(index * 7919) % 50_000}`,
  data: Buffer.alloc(PAYLOAD_BYTES, `${index} `),
}));

async function ours(endpointUrl, count) {
  const client = await threadedClient({
    stream: 'bench',
    region: 'us-east-1',
    endpointUrl,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    maxConnections: CONNECTIONS,
    requestTimeoutMs: 10_000,
    connectTimeoutMs: 1_000,
  });
  const delivery = new Delivery();
  const means = {
    clock: systemClock,
    random: Math.random,
    observe: (trace) => delivery.addRequest(trace),
  };
  async function* source() {
    for (let sent = 0; sent < count; sent += 256) {
      const dueAt = systemClock.now();
      const from = sent % (records.length - 256);
      yield records
        .slice(from, from + Math.min(256, count - sent))
        .map((record) => ({ record, dueAt }));
    }
  }
  // The limit of a shard is not what is measured here.
  const limits = { ...producerDefaults, rateLimit: 1e9, maxConnections: CONNECTIONS };
  const startedAt = performance.now();
  for await (const receipts of put(source(), client, means, limits)) delivery.add(receipts);
  const seconds = (performance.now() - startedAt) / 1000;
  client.close();
  if (delivery.accepted !== count) throw new Error(`accepted ${delivery.accepted} of ${count}`);
  return count / seconds;
}

async function plainSdk(endpoint, count) {
  const sdk = new KinesisClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    // Its default, HTTP/2, opens a connection for each request: this is the SDK at its best.
    requestHandler: new NodeHttpHandler({ httpAgent: { maxSockets: CONNECTIONS } }),
  });
  let next = 0;
  let accepted = 0;
  async function worker() {
    while (next < count) {
      const size = Math.min(500, count - next);
      const from = next % (records.length - 500);
      next += size;
      const Records = records
        .slice(from, from + size)
        .map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data }));
      const answer = await sdk.send(new PutRecordsCommand({ StreamName: 'bench', Records }));
      accepted += answer.Records?.length ?? 0;
    }
  }
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  sdk.destroy();
  if (accepted !== count) throw new Error(`accepted ${accepted} of ${count}`);
  return count / seconds;
}

const server = fork(new URL('support/canned-kinesis.js', import.meta.url));
try {
  const [port] = await once(server, 'message');
  const endpoint = `http://127.0.0.1:${port}`;
  // The SDK gets fewer records: its rate does not depend on how many there are.
  const sides = {
    fraudstream: () => ours(endpoint, given.records),
    sdk: () => plainSdk(endpoint, given.records / 5),
  };
  const perSecond = medians(await alternating(sides, given.runs, 1));
  const overSdk = perSecond.fraudstream / perSecond.sdk;
  publish({
    settings: { ...given, payloadBytes: PAYLOAD_BYTES },
    tables: [
      {
        title: 'User records put to a server that answers immediately',
        rows: [
          {
            producer: '`put` with a thread for requests',
            'records/s': perSecond.fraudstream,
            ratio: overSdk,
          },
          { producer: 'PutRecords of the SDK', 'records/s': perSecond.sdk, ratio: 1 },
        ],
      },
    ],
    ratios: [ratio('put over PutRecords of the SDK', overSdk)],
    bounds: [
      atLeast('records/s', perSecond.fraudstream, LEAST_PER_SECOND),
      atLeast('over PutRecords of the SDK', overSdk, LEAST_RATIO),
    ],
  });
} finally {
  server.disconnect();
}
