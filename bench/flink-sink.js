// Verdicts a second that the Flink job's sink puts as KPL aggregates and one by one, each by a Java process of its
// own to the same embedded Kinesis without limits, and the Kinesis records that it takes. Alternating runs, medians.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink-sink.js [--full]

import { alternating, atLeast, medians, publish, ratio, settings } from './support/benchmark.js';
import { kinesisProcess } from './support/filled-kinesis.js';
import { flinkClassPath, javaNumbers, needFlinkJob } from './support/java.js';

const given = settings({ runs: 1, verdicts: 100_000 }, { runs: 5, verdicts: 400_000 });
const SHARDS = 16;
/** Of one by one: verdicts for each second of a processor, and verdicts in a Kinesis record. */
const BOUNDS = { ratio: 1, verdictsARecord: 20 };

needFlinkJob();
const put = (isAggregated) => async () => {
  const kinesis = await kinesisProcess({ verdicts: SHARDS });
  const args = [kinesis.url, 'verdicts', isAggregated, given.verdicts];
  const main = 'io.fraudstream.bench.SinkBench';
  const [perSecond, perCpuSecond, kinesisRecords] = javaNumbers(flinkClassPath, main, args);
  kinesis.close();
  return { perSecond, perCpuSecond, kinesisRecords };
};
const sides = { aggregated: put(true), 'one by one': put(false) };
const mid = medians(await alternating(sides, given.runs));
const ratioToOne = mid.aggregated.perCpuSecond / mid['one by one'].perCpuSecond;
publish({
  settings: given,
  tables: [
    {
      title: 'Verdicts of 330 bytes, put by the sink of the job',
      rows: Object.entries(mid).map(([form, of]) => ({
        form,
        'a second': of.perSecond,
        'a CPU second': of.perCpuSecond,
        'Kinesis records': of.kinesisRecords,
      })),
    },
  ],
  ratios: [ratio('aggregated over one by one, a CPU second', ratioToOne)],
  bounds: [
    atLeast('aggregated over one by one', ratioToOne, BOUNDS.ratio),
    atLeast(
      'verdicts a Kinesis record',
      given.verdicts / mid.aggregated.kinesisRecords,
      BOUNDS.verdictsARecord,
    ),
  ],
});
