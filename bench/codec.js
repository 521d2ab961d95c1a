/**
 * Encodes and decodes 250-byte records, ours against the two modules of awslabs, on one thread.
 *
 * Run `npm run build && node bench/codec.js`: JSON on stdout, exit code 1 when a bound is missed.
 * The tasks take turns, each time in a process of its own, so that none pays for the garbage of
 * another; figures are medians. `hot` records stay in the processor's cache, as they do in a
 * producer that encodes what it has just made: the bounds hold for these. `cold` ones do not.
 * `md5` only hashes the same blobs: no encoder on the same machine can be faster than that.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { deaggregate } from '../dist/kpl/deaggregate.js';
import { OpenAggregate } from '../dist/kpl/open-aggregate.js';
import {
  alternating,
  atLeast,
  median,
  medians,
  publish,
  ratio,
  settings,
} from './support/benchmark.js';
import { peer } from './support/peers.js';
import { timed } from './support/processes.js';

const aggregation = createRequire(import.meta.url)('aws-kinesis-agg');

const DATA_BYTES = 250;
const LIMIT_BYTES = 51_200; // The KPL's AggregationMaxSize.
const RECORDS_PER_ROUND = 200_000;
const ROUNDS = 5;
const WARM_UPS = 2; // The compiler's.
const BOUNDS = { encodePerSecond: 1_500_000, decodePerSecond: 1_200_000, ratio: 1 };
const recordCounts = { hot: 2_000, cold: RECORDS_PER_ROUND };
const tasks = {
  encode: ({ records }) => encodedByUs(records),
  peerEncode: ({ records, perBlob }) => encodedByPeer(records, perBlob),
  md5: ({ blobs }) => blobs.map((blob) => createHash('md5').update(blob).digest()),
  decode: ({ blobs }) => decodedByUs(blobs),
  peerDecode: ({ blobs }) => decodedByPeer(blobs),
};

const given = settings({ runs: 3 }, { runs: 5 });
const [taskName, corpusName] = process.argv.slice(2);
if (taskName in tasks)
  console.log(medianPerSecond(tasks[taskName], corpus(recordCounts[corpusName])));
else await compare();

async function compare() {
  const python = await pythonAggregator();
  const rows = [];
  for (const name of Object.keys(recordCounts)) rows.push(...(await compared(name, python)));
  const [encode, decode] = rows;
  publish({
    settings: { ...given, dataBytes: DATA_BYTES },
    tables: [{ title: 'Records a second, one thread', rows }],
    ratios: [
      ratio('encode over aws-kinesis-agg of Node', encode['over Node']),
      ratio('decode over aws-kinesis-agg of Node', decode['over Node']),
      ratio('encode over aws_kinesis_agg of Python', encode['over Python']),
      ratio('decode over aws_kinesis_agg of Python', decode['over Python']),
      ratio('encode over MD5 of the same bytes', encode['over MD5']),
    ],
    bounds: [
      atLeast('encode, records/s', encode.ours, BOUNDS.encodePerSecond),
      atLeast('decode, records/s', decode.ours, BOUNDS.decodePerSecond),
      atLeast('encode over Node', encode['over Node'], BOUNDS.ratio),
      atLeast('decode over Node', decode['over Node'], BOUNDS.ratio),
      atLeast('encode over Python', encode['over Python'], BOUNDS.ratio),
      atLeast('decode over Python', decode['over Python'], BOUNDS.ratio),
    ],
    skipped: python.skipped === undefined ? [] : [python.skipped],
  });
}

async function compared(name, python) {
  const own = (task) => async () =>
    Number(execFileSync(process.execPath, [import.meta.filename, task, name]));
  const sides = Object.fromEntries(Object.keys(tasks).map((task) => [task, own(task)]));
  const isMeasured = name === 'hot' && python.run !== undefined;
  const seen = await alternating(
    { ...sides, ...(isMeasured && { python: python.run }) },
    given.runs,
  );
  const { encode, peerEncode, md5, decode, peerDecode } = medians(seen);
  const [pythonEncode, pythonDecode] = [0, 1].map((at) =>
    isMeasured ? median(seen.python.map((rates) => rates[at])) : Number.NaN,
  );
  return [
    {
      task: `encode, ${recordCounts[name]} records in turn`,
      ours: encode,
      'aws-kinesis-agg (Node)': peerEncode,
      'aws_kinesis_agg (Python)': pythonEncode,
      'MD5 alone': md5,
      'over Node': encode / peerEncode,
      'over Python': encode / pythonEncode,
      'over MD5': encode / md5,
    },
    {
      task: `decode, ${recordCounts[name]} records in turn`,
      ours: decode,
      'aws-kinesis-agg (Node)': peerDecode,
      'aws_kinesis_agg (Python)': pythonDecode,
      'MD5 alone': Number.NaN,
      'over Node': decode / peerDecode,
      'over Python': decode / pythonDecode,
      'over MD5': Number.NaN,
    },
  ];
}

/** Records a second of the Python module, in writing and in reading, on the same records. */
async function pythonAggregator() {
  const python = await peer('aws_kinesis_agg');
  if (python.skipped !== undefined) return python;
  const script = join(import.meta.dirname, 'support', 'aggregation.py');
  const args = [script, DATA_BYTES, recordCounts.hot, RECORDS_PER_ROUND / 10];
  const run = async () => {
    const { stdout } = await timed([...python.command, ...args]);
    return stdout.trim().split(' ').map(Number);
  };
  return { run };
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
  const aggregator = new aggregation.RecordAggregator();
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
    aggregation.deaggregateSync({ data }, true, (_, records) => {
      count += records.length;
    });
  }
  return count;
}
