// Verdicts a second that the Flink job's sink puts as KPL aggregates and one by one, each by a Java process of its
// own to the same embedded Kinesis without limits, and the Kinesis records that it takes. Alternating runs, medians.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink-sink.js [runs] [verdicts]
import { kinesisProcess } from './support/filled-kinesis.js';
import { flinkClassPath, javaNumbers, needFlinkJob } from './support/java.js';
import { median } from './support/median.js';

const RUNS = Number(process.argv[2] ?? 5);
const COUNT = Number(process.argv[3] ?? 400_000);
const SHARDS = 16;
/** Of one by one: verdicts for each second of a processor, and verdicts in a Kinesis record. */
const BOUNDS = { ratio: 1, verdictsARecord: 20 };

needFlinkJob();
const seen = { aggregated: [], oneByOne: [] };
for (let run = 0; run < RUNS; run += 1) {
  for (const name of Object.keys(seen)) {
    const kinesis = await kinesisProcess({ verdicts: SHARDS });
    const args = [kinesis.url, 'verdicts', name === 'aggregated', COUNT];
    seen[name].push(javaNumbers(flinkClassPath, 'io.fraudstream.bench.SinkBench', args));
    kinesis.close();
  }
}
const results = Object.fromEntries(
  Object.entries(seen).map(([name, runs]) => {
    const [perSecond, perCpuSecond, kinesisRecords] = [0, 1, 2].map((at) =>
      median(runs.map((run) => run[at])),
    );
    return [name, { perSecond, perCpuSecond, kinesisRecords }];
  }),
);
const { aggregated, oneByOne } = results;
const ratio = Number((aggregated.perCpuSecond / oneByOne.perCpuSecond).toFixed(2));
const verdictsARecord = Math.round(COUNT / aggregated.kinesisRecords);
const holds = ratio >= BOUNDS.ratio && verdictsARecord >= BOUNDS.verdictsARecord;
console.log(
  JSON.stringify({ bench: 'flink-sink', runs: RUNS, ...results, ratio, verdictsARecord, holds }),
);
process.exitCode = holds ? 0 : 1;
