// Memory of a producer at full speed against a stream that is dead: connections are taken and
// never answered. The bound on outstanding records must hold the source back: RSS stays flat, and
// every record still gets its receipt.
//   npm run build && node bench/dead-stream.js [--seconds 60]
import { createServer } from 'node:http';
import { threadedClient } from '../dist/kinesis/client/threaded-client.js';
import { producerDefaults } from '../dist/kinesis/producer/producer-settings.js';
import { put } from '../dist/kinesis/producer/put.js';
import { systemClock } from '../dist/runtime.js';
import { atLeast, atMost, publish, ratio, settings } from './support/benchmark.js';

const given = settings({ seconds: 20 }, { seconds: 60 });
const SECONDS = given.seconds;
const PAYLOAD_BYTES = 250;
/** 64 MiB of payload may be outstanding; with its books, requests and the heap's slack. */
const MOST_RSS_MIB = 1_024;
const MOST_GROWTH = 1.1;

const shard = {
  ShardId: 'shardId-000000000000',
  HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
  SequenceNumberRange: { StartingSequenceNumber: '1' },
};
const server = createServer((request, response) => {
  if (String(request.headers['x-amz-target']).endsWith('ListShards')) {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ Shards: [shard] }));
  } else {
    request.resume();
  }
}).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));

const client = await threadedClient({
  stream: 'dead',
  region: 'us-east-1',
  endpointUrl: `http://127.0.0.1:${server.address().port}`,
  credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  maxConnections: 24,
  requestTimeoutMs: 3_000,
  connectTimeoutMs: 1_000,
});
const endAt = systemClock.now() + SECONDS * 1000;
let pulled = 0;
async function* source() {
  while (systemClock.now() < endAt) {
    const dueAt = systemClock.now();
    yield Array.from({ length: 256 }, () => {
      pulled += 1;
      const record = {
        id: String(pulled),
        partitionKey: `card_${pulled % 50_000}`,
        data: Buffer.alloc(PAYLOAD_BYTES, 'x'),
      };
      return { dueAt, record };
    });
  }
}
const rssMiB = [];
const sampling = setInterval(() => rssMiB.push(process.memoryUsage().rss / 2 ** 20), 500);
const producerSettings = { ...producerDefaults, recordTtlMs: 5_000, rateLimit: 1e9 };
const codes = {};
let receipts = 0;
for await (const group of put(
  source(),
  client,
  { clock: systemClock, random: Math.random },
  producerSettings,
)) {
  receipts += group.length;
  for (const { errorCode } of group) codes[errorCode] = (codes[errorCode] ?? 0) + 1;
}
clearInterval(sampling);
client.close();
server.closeAllConnections();
server.close();

const third = Math.floor(rssMiB.length / 3);
const most = (samples) => Math.round(Math.max(...samples));
// The first third fills the bound and warms the heap up.
const middle = most(rssMiB.slice(third, 2 * third));
const last = most(rssMiB.slice(-third));
publish({
  settings: given,
  tables: [
    {
      title: 'Memory while nothing is acknowledged',
      rows: [
        {
          seconds: SECONDS,
          'records pulled': pulled,
          receipts,
          ...codes,
          'MiB, middle third': middle,
          'MiB, last third': last,
        },
      ],
    },
  ],
  ratios: [ratio('memory of the last third over the middle', last / middle, 'lower')],
  bounds: [
    atMost('last third over the middle', last / middle, MOST_GROWTH),
    atMost('MiB', last, MOST_RSS_MIB),
    atLeast('receipts for each record', receipts / pulled, 1),
  ],
});
