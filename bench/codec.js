/**
 * Encodes and decodes 250-byte records, ours against aws-kinesis-agg, on one thread.
 *
 * Run `npm run build && node bench/codec.js`: JSON on stdout, exit code 1 when a bound is broken.
 * The tasks take turns, each time in a process of its own, so that none pays for the garbage of
 * another; figures are medians. `hot` records stay in the processor's cache, as they do in a
 * producer that encodes what it has just made: the bounds hold for these. `cold` ones do not.
 * `md5` only hashes the same blobs: no encoder on the same machine can be faster than that.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { deaggregate } from '../dist/kpl/deaggregate.js';
import { OpenAggregate } from '../dist/kpl/open-aggregate.js';

const peer = createRequire(import.meta.url)('aws-kinesis-agg');

const DATA_BYTES = 250;
const LIMIT_BYTES = 51_200; // The KPL's AggregationMaxSize.
const RECORDS_PER_ROUND = 200_000;
const ROUNDS = 5;
const WARM_UPS = 2; // The compiler's.
const RUNS = 3;
const bounds = { encodePerSecond: 1_500_000, decodePerSecond: 1_200_000, ratio: 1 };
const recordCounts = { hot: 2_000, cold: RECORDS_PER_ROUND };
const tasks = {
  encode: ({ records }) => encodedByUs(records),
  peerEncode: ({ records, perBlob }) => encodedByPeer(records, perBlob),
  md5: ({ blobs }) => blobs.map((blob) => createHash('md5').update(blob).digest()),
  decode: ({ blobs }) => decodedByUs(blobs),
  peerDecode: ({ blobs }) => decodedByPeer(blobs),
};

const [taskName, corpusName] = process.argv.slice(2);
if (taskName) console.log(medianPerSecond(tasks[taskName], corpus(recordCounts[corpusName])));
else compare();

function compare() {
  const report = { node: process.version, cpu: cpus()[0].model, dataBytes: DATA_BYTES, bounds };
  for (const name of Object.keys(recordCounts)) report[name] = compared(name);
  report.broken = brokenBounds(report.hot);
  console.log(JSON.stringify(report, null, 2));
  process.exitCode = report.broken.length === 0 ? 0 : 1;
}

function compared(name) {
  const runs = Object.fromEntries(Object.keys(tasks).map((task) => [task, []]));
  for (let run = 0; run < RUNS; run += 1) {
    for (const task of Object.keys(tasks)) {
      const printed = execFileSync(process.execPath, [import.meta.filename, task, name]);
      runs[task].push(Number(printed));
    }
  }
  const perSecond = Object.fromEntries(
    Object.entries(runs).map(([task, rates]) => [task, Math.round(median(rates))]),
  );
  return {
    records: recordCounts[name],
    perSecond,
    encodeRatio: rounded(perSecond.encode / perSecond.peerEncode),
    decodeRatio: rounded(perSecond.decode / perSecond.peerDecode),
    encodeShareOfMd5: rounded(perSecond.encode / perSecond.md5),
  };
}

/** Card ids of 16 digits, each its own: the costliest case for the key table. */
function corpus(count) {
  const records = Array.from({ length: count }, (_, i) => ({
    partitionKey: `${4_111_111_111_000_000 + i}`,
    data: Buffer.from(`{"transaction_id":"${i}"`.padEnd(DATA_BYTES, 'x')),
  }));
  const blobs = encodedByUs(records);
  return { records, blobs, perBlob: deaggregate(blobs[0]).records.length };
}

function medianPerSecond(task, given) {
  const rates = Array.from({ length: WARM_UPS + ROUNDS }, () => {
    const startAt = performance.now();
    let done = 0;
    for (; done < RECORDS_PER_ROUND; done += given.records.length) task(given);
    return (done * 1000) / (performance.now() - startAt);
  });
  return median(rates.slice(WARM_UPS));
}

function encodedByUs(records) {
  const blobs = [];
  let open = new OpenAggregate(LIMIT_BYTES, Number.POSITIVE_INFINITY);
  for (const record of records) {
    if (open.tryAdd(record)) continue;
    blobs.push(open.encode());
    open = new OpenAggregate(LIMIT_BYTES, Number.POSITIVE_INFINITY);
    open.tryAdd(record);
  }
  blobs.push(open.encode());
  return blobs;
}

/** Its limit is fixed at 1 MiB, so its blobs are cut by count, where ours were. */
function encodedByPeer(records, perBlob) {
  const blobs = [];
  const aggregator = new peer.RecordAggregator();
  for (const record of records) {
    aggregator.addUserRecord(record);
    if (aggregator.length() === perBlob) blobs.push(aggregator.build().data);
  }
  if (aggregator.length() > 0) blobs.push(aggregator.build().data);
  return blobs;
}

function decodedByUs(blobs) {
  let count = 0;
  for (const blob of blobs) count += deaggregate(blob).records.length;
  return count;
}

/** Given Buffers, which spares it the base64 that it takes as a rule; it answers in base64. */
function decodedByPeer(blobs) {
  let count = 0;
  for (const data of blobs) {
    peer.deaggregateSync({ data }, true, (_, records) => {
      count += records.length;
    });
  }
  return count;
}

function brokenBounds({ perSecond, encodeRatio, decodeRatio }) {
  const isBroken = {
    encodePerSecond: perSecond.encode < bounds.encodePerSecond,
    decodePerSecond: perSecond.decode < bounds.decodePerSecond,
    encodeRatio: encodeRatio <= bounds.ratio,
    decodeRatio: decodeRatio <= bounds.ratio,
  };
  return Object.keys(isBroken).filter((name) => isBroken[name]);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}
