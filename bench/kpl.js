/**
 * Records put over TLS to the same embedded Kinesis without limits of shards: by the KPL 1.0.7, by the library's `put`, by `produce`.
 *
 * Run `npm run build && npx tsc -p test && node bench/kpl.js`: JSON on stdout. Skipped without Maven.
 *   1. at full speed: the KPL and `put` with the same records of 570 bytes; `produce` as a user starts it, whose lines are longer
 *   2. paced, with one shard of sixteen that is throttled for some seconds: latency from a put to its receipt, of all records
 * Processor time and memory are those of all processes of a side. That of the KPL and of `put` leaves the first tenth
 * out, `produce` has its start in it. The KPL's program makes its records in place, and so does that of `put`.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { tlsFront } from '../dist-test/support/interop.js';
import {
  alternating,
  atLeast,
  atMost,
  medians,
  publish,
  ratio,
  settings,
} from './support/benchmark.js';
import { kinesisProcess } from './support/filled-kinesis.js';
import { interopClassPath, javaCommand } from './support/java.js';
import { fraudstream, localAws, timed } from './support/processes.js';

const putProcess = new URL('support/put-process.js', import.meta.url).pathname;
/** The front's certificate is its own. */
const trust = { NODE_TLS_REJECT_UNAUTHORIZED: '0', NODE_NO_WARNINGS: '1' };
const BYTES = 570;
const SHARDS = 16;
const PACE = 4_000;
/** Over the KPL: records a second, and of its processor time. */
const BOUNDS = { speed: 1, cpu: 0.5 };

if (process.argv[2] === 'front') await serveFront(Number(process.argv[3]));
else
  await measure(
    settings(
      { runs: 1, records: 100_000, throttled: 5 },
      { runs: 5, records: 400_000, throttled: 20 },
    ),
  );

/** TLS in a process of its own, as the service would have it. */
async function serveFront(to) {
  const front = await tlsFront(to);
  process.send(front.port);
  process.on('disconnect', () => process.exit());
}

async function measure(given) {
  const classPath = interopClassPath();
  const { records, throttled } = given;
  const put = (count, rate) => (port) =>
    numbersOf(
      [
        process.execPath,
        putProcess,
        `https://127.0.0.1:${port}`,
        'transactions',
        count,
        BYTES,
        rate,
      ],
      count,
    );
  const kpl = (count, rate) => (port) =>
    numbersOf(
      javaCommand(classPath, 'io.fraudstream.interop.PutByKpl', [
        ...[port, port, 'transactions', count, BYTES, rate],
      ]),
      count,
    );
  const fast = {
    put: () => served(put(records, 0)),
    produce: () => served((port) => produced(port, records)),
    kpl: () => served(kpl(records, 0)),
  };
  const mid = medians(await alternating(fast, given.runs));
  const paced = PACE * (throttled + 5);
  const refused = {
    put: () => served(put(paced, PACE), throttled),
    kpl: () => served(kpl(paced, PACE), throttled),
  };
  const slow = medians(await alternating(refused, given.runs));
  const speed = mid.put.perSecond / mid.kpl.perSecond;
  const cpu = mid.put.cpuPerMillion / mid.kpl.cpuPerMillion;
  const produceSpeed = mid.produce.bytesPerSecond / mid.kpl.bytesPerSecond;
  publish({
    settings: { ...given, shards: SHARDS },
    tables: [
      {
        title: 'At full speed',
        rows: [
          fullSpeedRow('KPL 1.0.7', mid.kpl),
          fullSpeedRow('`put` of the library', mid.put),
          fullSpeedRow('`produce`, start included', mid.produce),
        ],
      },
      {
        title: `${PACE} records/s, one shard throttled for ${throttled} s`,
        rows: [throttledRow('KPL 1.0.7', slow.kpl), throttledRow('`put` of the library', slow.put)],
      },
    ],
    ratios: [
      ratio('put over the KPL, records/s', speed),
      ratio('put over the KPL, CPU', cpu, 'lower'),
      ratio('put over the KPL, memory', mid.put.rssMib / mid.kpl.rssMib, 'lower'),
      ratio('produce over the KPL, bytes/s', produceSpeed),
      ratio('put over the KPL, p50 with a throttled shard', slow.put.p50 / slow.kpl.p50, 'lower'),
    ],
    bounds: [
      atLeast('put over the KPL, records/s', speed, BOUNDS.speed),
      atMost('put over the KPL, CPU', cpu, BOUNDS.cpu),
    ],
  });
}

/** One run against a stream of its own. After two seconds its first shard takes nothing for `throttled` seconds. */
async function served(side, throttled = 0) {
  const kinesis = await kinesisProcess({ transactions: SHARDS });
  const front = fork(import.meta.filename, ['front', new URL(kinesis.url).port]);
  const timers = [];
  try {
    const [port] = await once(front, 'message');
    if (throttled > 0) {
      timers.push(setTimeout(() => kinesis.setFaults('throttle=0:1'), 2_000));
      timers.push(setTimeout(() => kinesis.setFaults(''), 2_000 + 1_000 * throttled));
    }
    return await side(port);
  } finally {
    for (const timer of timers) clearTimeout(timer);
    front.disconnect();
    kinesis.close();
  }
}

/** What Puts.java and put-process.js print. */
async function numbersOf(command, count) {
  const { stdout, rssMib } = await timed(command, { env: { ...localAws, ...trust } });
  const [acknowledged, failed, seconds, cpu, p50, p99] = stdout
    .trim()
    .split('\n')
    .at(-1)
    .split(' ')
    .map(Number);
  if (acknowledged !== count) throw new Error(`${acknowledged} of ${count} put, ${failed} failed.`);
  const measured = count * 0.9;
  const perSecond = measured / seconds;
  return {
    bytes: BYTES,
    perSecond,
    bytesPerSecond: perSecond * BYTES,
    cpuPerMillion: (cpu / measured) * 1e6,
    rssMib,
    p50,
    p99,
  };
}

async function produced(port, count) {
  const { stdout, seconds, cpuSeconds, rssMib } = await timed(
    [
      ...[...fraudstream, 'produce', '--stream', 'transactions', '--rate', 'max'],
      ...['--count', count, '--seed', 7, '--output', 'json', '--progress', 'none'],
    ],
    {
      env: { ...localAws, ...trust, AWS_ENDPOINT_URL_KINESIS: `https://127.0.0.1:${port}` },
    },
  );
  const { delivery } = JSON.parse(stdout);
  if (delivery.accepted !== count) throw new Error(JSON.stringify(delivery));
  return {
    bytes: delivery.bytes / count,
    perSecond: count / seconds,
    bytesPerSecond: delivery.bytes / seconds,
    cpuPerMillion: (cpuSeconds / count) * 1e6,
    rssMib,
  };
}

function fullSpeedRow(producer, of) {
  return {
    producer,
    'bytes a record': of.bytes,
    'records/s': of.perSecond,
    'MB/s': of.bytesPerSecond / 1e6,
    'CPU s a million': of.cpuPerMillion,
    'memory, MiB': of.rssMib,
  };
}

function throttledRow(producer, of) {
  return {
    producer,
    'p50 ms': of.p50,
    'p99 ms': of.p99,
    'CPU s a million': of.cpuPerMillion,
    'memory, MiB': of.rssMib,
  };
}
