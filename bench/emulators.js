/**
 * Servers that stand in for Kinesis on this machine, the embedded one beside others: puts and reads a second, processor time, memory.
 *
 * Run `npm run build && node bench/emulators.js`: JSON on stdout, exit code 1 when a bound is missed. Each is a
 * process of its own, with one stream of four shards; a client puts records of 1 kB, 100 a request and eight requests
 * at a time, and then reads all of them back by GetRecords, shard after shard. Processor time is the server's. Limits
 * of shards are off where a server has them and can turn them off.
 */
import { connect, createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  alternating,
  atLeast,
  atMost,
  medians,
  publish,
  ratio,
  settings,
} from './support/benchmark.js';
import { peersOf } from './support/peers.js';
import { cpuSecondsOf, fraudstream, memoryMib, server } from './support/processes.js';

const SHARDS = 4;
const BYTES = 1_000;
const A_REQUEST = 100;
const REQUESTS_AT_A_TIME = 8;
const STREAM = 'transactions';
const BOUND = 1;
/** Of a request, and of what a server refuses again and again. */
const LIMIT_MS = 30_000;
const given = settings({ runs: 1, records: 20_000 }, { runs: 5, records: 100_000 });

const skipped = [];
/** How each is started: its command, what it prints when it listens, and its environment, for a free port. */
const starts = {
  kinesalite: ({ command }, port) => ({
    command: [...command, '--port', port, '--createStreamMs', 0, '--shardLimit', 100],
    ready: /Listening/,
  }),
  'kinesis-local': ({ command }, port) => ({
    command,
    ready: /Starting Kinesis Plain Mock Service/,
    env: {
      KINESIS_MOCK_PLAIN_PORT: String(port),
      KINESIS_MOCK_TLS_PORT: String(port + 1),
      KINESIS_MOCK_CERT_PATH: join(dirname(command.at(-1)), 'server.json'),
      CREATE_STREAM_DURATION: '20ms',
      LOG_LEVEL: 'INFO',
    },
  }),
  moto: ({ command }, port) => ({
    command: [...command, '-m', 'moto.server', '--host', '127.0.0.1', '--port', port],
    ready: /Running on/,
  }),
};
const peers = await peersOf(Object.keys(starts), skipped);
const sides = { 'the embedded Kinesis (`up`)': ours };
for (const each of peers) sides[`${each.name} ${each.version}`] = () => theirs(each);
const mid = medians(await alternating(sides, given.runs));
const [own, ...others] = Object.values(mid);
const ratios = Object.keys(mid)
  .slice(1)
  .flatMap((name, index) => [
    ratio(`puts/s over ${name}`, own.putsPerSecond / others[index].putsPerSecond),
    ratio(`reads/s over ${name}`, own.readsPerSecond / others[index].readsPerSecond),
  ]);
publish({
  settings: { ...given, shards: SHARDS, bytes: BYTES },
  tables: [
    {
      title: 'Records of 1 kB, put and read back',
      rows: Object.entries(mid).map(([name, of]) => ({
        server: name,
        'puts/s': of.putsPerSecond,
        'CPU s a million puts': of.putCpu,
        'reads/s': of.readsPerSecond,
        'CPU s a million reads': of.readCpu,
        'memory, MiB': of.rssMib,
        'not read back': of.lost,
      })),
    },
  ],
  ratios,
  bounds: [
    ...ratios.map(({ ratio: name, value }) => atLeast(name, value, BOUND)),
    atMost('records that are not read back', own.lost, 0),
  ],
  skipped,
});

async function ours() {
  const flags = [
    'up',
    '--shard-limits',
    'none',
    '--no-endpoint',
    '--streams',
    `${STREAM}:${SHARDS}`,
  ];
  const started = await server([...fraudstream, ...flags], /http:\/\/127\.0\.0\.1:\d+/);
  return measured(started, started.found[0]);
}

async function theirs(each) {
  const port = await freePort();
  const { command, ready, env } = starts[each.name](each, port);
  const started = await server(command, ready, { ...each.env, ...env });
  const url = `http://127.0.0.1:${port}`;
  try {
    await listening(port);
    await call(url, 'CreateStream', { StreamName: STREAM, ShardCount: SHARDS });
    await active(url);
  } catch (error) {
    started.close();
    throw error;
  }
  return measured(started, url);
}

async function measured({ pid, close }, url) {
  try {
    const written = await timedFor(pid, () => putAll(url));
    const read = await timedFor(pid, () => readAll(url));
    return {
      putsPerSecond: given.records / written.seconds,
      putCpu: (written.cpuSeconds / given.records) * 1e6,
      readsPerSecond: read.count / read.seconds,
      readCpu: (read.cpuSeconds / read.count) * 1e6,
      lost: written.count - read.count,
      rssMib: memoryMib(pid),
    };
  } finally {
    close();
  }
}

async function timedFor(pid, task) {
  const startedAt = performance.now();
  const before = cpuSecondsOf(pid);
  const count = await task();
  return {
    count,
    seconds: (performance.now() - startedAt) / 1000,
    cpuSeconds: cpuSecondsOf(pid) - before,
  };
}

async function putAll(url) {
  const Data = Buffer.alloc(BYTES, 'x').toString('base64');
  let next = 0;
  let accepted = 0;
  const worker = async () => {
    while (next < given.records) {
      const from = next;
      next += A_REQUEST;
      const Records = Array.from({ length: A_REQUEST }, (_, index) => ({
        PartitionKey: `card_${from + index}`,
        Data,
      }));
      await put(url, Records);
      accepted += Records.length;
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_AT_A_TIME }, worker));
  return accepted;
}

/** A server with limits of shards refuses some: they are put again. */
async function put(url, records) {
  const startedAt = performance.now();
  for (let open = records; open.length > 0; ) {
    if (performance.now() - startedAt > LIMIT_MS) throw new Error('records are refused');
    const { Records } = await call(url, 'PutRecords', { StreamName: STREAM, Records: open });
    open = open.filter((_, index) => Boolean(Records[index].ErrorCode));
    if (open.length > 0) await sleep(50);
  }
}

async function readAll(url) {
  const { Shards } = await call(url, 'ListShards', { StreamName: STREAM });
  let count = 0;
  for (const { ShardId } of Shards) {
    const from = { StreamName: STREAM, ShardId, ShardIteratorType: 'TRIM_HORIZON' };
    let { ShardIterator } = await call(url, 'GetShardIterator', from);
    for (let isAtEnd = false; !isAtEnd; ) {
      const answer = await call(url, 'GetRecords', { ShardIterator, Limit: 1_000 });
      count += answer.Records.length;
      isAtEnd = answer.Records.length === 0;
      ShardIterator = answer.NextShardIterator;
    }
  }
  return count;
}

/** Some print that they start before they listen. */
async function listening(port) {
  for (let tries = 0; tries < 300; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await new Promise((resolve) => {
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    });
    socket.destroy();
    if (isOpen) return;
    await sleep(100);
  }
  throw new Error(`nothing listens on ${port}`);
}

async function active(url) {
  for (let tries = 0; tries < 300; tries += 1) {
    const { StreamDescriptionSummary: found } = await call(url, 'DescribeStreamSummary', {
      StreamName: STREAM,
    });
    if (found.StreamStatus === 'ACTIVE') return;
    await sleep(100);
  }
  throw new Error('the stream does not become active');
}

/** A call of Kinesis; one that is refused by a limit is made again. */
async function call(url, action, body) {
  const headers = {
    'x-amz-target': `Kinesis_20131202.${action}`,
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-date': new Date().toISOString().replace(/[-:]|\.\d+/g, ''),
    authorization:
      'AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0',
  };
  for (let tries = 0; ; tries += 1) {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(LIMIT_MS),
    });
    const text = await response.text();
    if (response.ok) return text === '' ? {} : JSON.parse(text);
    const isLimit = /LimitExceeded|ProvisionedThroughputExceeded/.test(text);
    if (!isLimit || tries > 100)
      throw new Error(`${action}: ${response.status} ${text.slice(0, 300)}`);
    await sleep(50);
  }
}

async function freePort() {
  const probe = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => probe.once('listening', resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
