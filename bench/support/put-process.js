/**
 * Puts the records of TestRecords.java by the library's `put`, as a program of a user would.
 *
 * Arguments and output are those of Puts.java: `url stream records bytes records-a-second`; prints
 * `acknowledged failed seconds cpu-seconds p50-ms p99-ms`, the first tenth left out.
 */
import { threadedClient } from '../../dist/kinesis/client/threaded-client.js';
import { producerDefaults } from '../../dist/kinesis/producer/producer-settings.js';
import { put } from '../../dist/kinesis/producer/put.js';
import { systemClock } from '../../dist/runtime.js';

const [, , endpointUrl, stream, ...numbers] = process.argv;
const [count, bytes, perSecond] = numbers.map(Number);
const GROUP = perSecond > 0 ? Math.max(1, Math.round(perSecond / 200)) : 256;
const warmUp = Math.floor(count / 10);
const step = 2n ** 128n / 997n;
const hashKeys = Array.from({ length: 997 }, (_, key) => String(step * BigInt(key)));
const startedAt = new Float64Array(count);
const latencies = new Float64Array(count);

const client = await threadedClient({
  stream,
  region: 'us-east-1',
  endpointUrl,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxConnections: 24,
  requestTimeoutMs: 6_000,
  connectTimeoutMs: 6_000,
});
let acknowledged = 0;
let failed = 0;
let begun = { at: performance.now(), cpu: process.cpuUsage() };
const settings = { ...producerDefaults, recordTtlMs: 60_000 };
const runtime = { clock: systemClock, random: Math.random };
for await (const receipts of put(source(), client, runtime, settings)) {
  const now = performance.now();
  for (const { id, errorCode } of receipts) {
    if (errorCode === undefined) acknowledged += 1;
    else failed += 1;
    latencies[Number(id)] = now - startedAt[Number(id)];
  }
}
const seconds = (performance.now() - begun.at) / 1000;
const { user, system } = process.cpuUsage(begun.cpu);
client.close();
const measured = latencies.subarray(warmUp).sort();
const at = (share) => measured[Math.floor(measured.length * share)].toFixed(3);
const cpuSeconds = ((user + system) / 1e6).toFixed(3);
console.log(acknowledged, failed, seconds.toFixed(3), cpuSeconds, at(0.5), at(0.99));

async function* source() {
  for (let from = 0; from < count; from += GROUP) {
    if (from >= warmUp && from - GROUP < warmUp) {
      begun = { at: performance.now(), cpu: process.cpuUsage(), from };
    }
    if (perSecond > 0) await systemClock.sleep(dueMs(from));
    const dueAt = systemClock.now();
    const to = Math.min(count, from + GROUP);
    yield Array.from({ length: to - from }, (_, index) => ({
      record: record(from + index),
      dueAt,
    }));
  }
}

function dueMs(number) {
  const { at, from = 0 } = begun;
  return Math.max(0, at + ((number - from) * 1000) / perSecond - performance.now());
}

/** That of TestRecords.java. */
function record(number) {
  const data = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 1) data[at] = (number * 31 + at) & 0xff;
  data.write(`${number} `);
  startedAt[number] = performance.now();
  const hashKey = number % 5 === 0 ? { explicitHashKey: hashKeys[number % 997] } : {};
  return { id: String(number), partitionKey: `key-${number % 997}`, data, ...hashKey };
}
