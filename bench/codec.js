/**
 * Encodes and decodes 250-byte records, ours against aws-kinesis-agg, on one thread.
 *
 * Run `npm run build && node bench/codec.js`: JSON on stdout, exit code 1 when a bound is broken.
 * The two take turns in one process, each round over the same records; figures are medians.
 * `hot` records stay in the processor's cache, as they do in a producer that encodes what it has
 * just made: the bounds hold for these. `cold` ones are too many for it.
 * `md5` hashes the same blobs and does nothing else: no encoder can be faster than that.
 */
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { deaggregate } from '../dist/aggregation/deaggregate.js';
import { OpenAggregate } from '../dist/aggregation/open-aggregate.js';

const peer = createRequire(import.meta.url)('aws-kinesis-agg');

const DATA_BYTES = 250;
const LIMIT_BYTES = 51_200; // The KPL's AggregationMaxSize.
const RECORDS_PER_ROUND = 200_000;
const ROUNDS = 11;
const bounds = { encodePerSecond: 1_500_000, decodePerSecond: 1_200_000, ratio: 1 };

const report = { node: process.version, cpu: cpus()[0].model, bounds };
for (const [name, count] of Object.entries({ hot: 2_000, cold: 200_000 })) {
  report[name] = measured(corpus(count));
}
report.broken = brokenBounds(report.hot);
console.log(JSON.stringify(report, null, 2));
process.exitCode = report.broken.length === 0 ? 0 : 1;

/** Card ids of 16 digits, each its own: the costliest case for the key table. */
function corpus(count) {
  return Array.from({ length: count }, (_, i) => ({
    partitionKey: `${4_111_111_111_000_000 + i}`,
    data: Buffer.from(`{"transaction_id":"${i}"`.padEnd(DATA_BYTES, 'x')),
  }));
}

function measured(records) {
  const blobs = encodedByUs(records);
  const perBlob = deaggregate(blobs[0]).records.length;
  const tasks = {
    encode: () => encodedByUs(records).length,
    peerEncode: () => encodedByPeer(records, perBlob).length,
    md5: () => blobs.map((blob) => createHash('md5').update(blob).digest()).length,
    decode: () => decodedByUs(blobs),
    peerDecode: () => decodedByPeer(blobs),
  };
  const perSecond = mediansPerSecond(tasks, records.length);
  return {
    records: records.length,
    recordsPerBlob: perBlob,
    perSecond,
    encodeRatio: rounded(perSecond.encode / perSecond.peerEncode),
    decodeRatio: rounded(perSecond.decode / perSecond.peerDecode),
    encodeShareOfMd5: rounded(perSecond.encode / perSecond.md5),
  };
}

function mediansPerSecond(tasks, recordCount) {
  const names = Object.keys(tasks);
  const rates = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = -2; round < ROUNDS; round += 1) {
    for (const name of names) {
      const rate = ratePerSecond(tasks[name], recordCount);
      // The first rounds are the compiler's.
      if (round >= 0) rates[name].push(rate);
    }
  }
  return Object.fromEntries(names.map((name) => [name, Math.round(median(rates[name]))]));
}

function ratePerSecond(task, recordCount) {
  const startAt = performance.now();
  for (let done = 0; done < RECORDS_PER_ROUND; done += recordCount) task();
  return (RECORDS_PER_ROUND * 1000) / (performance.now() - startAt);
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
