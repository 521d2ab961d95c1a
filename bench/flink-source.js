// User records a second, and by each second of a processor, that readers of Kinesis get out of KPL aggregates:
// the source of the Flink job, the KCL, and a plain GetRecords loop with the KCL's AggregatorUtil, each in a Java
// process of its own against the same embedded Kinesis without limits. Alternating runs, medians.
// The KCL keeps its leases in moto (FRAUDSTREAM_PYTHON). Processor time is that of the reader alone.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink-source.js [runs] [transactions]
import { filledKinesis } from './support/filled-kinesis.js';
import { flinkClassPath, interopClassPath, javaNumbers, needFlinkJob } from './support/java.js';
import { median } from './support/median.js';
import { startMoto } from './support/moto.js';

const RUNS = Number(process.argv[2] ?? 5);
const COUNT = Number(process.argv[3] ?? 500_000);
const SHARDS = 32;
/** Of 51,200 bytes: five reads a second are the 2 MB/s that AWS lets a shard give, as our source asks by itself. */
const AGGREGATES_A_READ = 8;
/** Processor time a record, over that of the cheapest of the others. */
const BOUND = 1;

needFlinkJob();
const interop = interopClassPath();
const moto = await startMoto();
const kinesis = await filledKinesis({ transactions: SHARDS }, COUNT);
const stream = 'transactions';
const readers = {
  ours: () =>
    javaNumbers(flinkClassPath, 'io.fraudstream.bench.SourceBench', [kinesis.url, stream, COUNT]),
  kcl: () =>
    javaNumbers(interop, 'io.fraudstream.interop.ReadByKcl', [
      'measure',
      kinesis.url,
      moto.url,
      stream,
      COUNT,
      90,
      AGGREGATES_A_READ,
    ]),
  loop: () =>
    javaNumbers(interop, 'io.fraudstream.interop.ReadByLoop', [
      kinesis.url,
      stream,
      COUNT,
      AGGREGATES_A_READ,
    ]),
};
const seen = { ours: [], kcl: [], loop: [] };
for (let run = 0; run < RUNS; run += 1) {
  for (const [name, read] of Object.entries(readers)) seen[name].push(read());
}
kinesis.close();
moto.close();
const results = Object.fromEntries(
  Object.entries(seen).map(([name, runs]) => [
    name,
    {
      perSecond: median(runs.map(([wall]) => wall)),
      perCpuSecond: median(runs.map(([, cpu]) => cpu)),
    },
  ]),
);
const { ours, kcl, loop } = results;
const ratio = ours.perCpuSecond / Math.max(kcl.perCpuSecond, loop.perCpuSecond);
const holds = ratio >= BOUND;
console.log(
  JSON.stringify({
    bench: 'flink-source',
    runs: RUNS,
    ...results,
    ratio: Number(ratio.toFixed(2)),
    holds,
  }),
);
process.exitCode = holds ? 0 : 1;
