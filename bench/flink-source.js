// User records a second, and by each second of a processor, that readers of Kinesis get out of KPL aggregates:
// the source of the Flink job, the KCL, and a plain GetRecords loop with the KCL's AggregatorUtil, each in a Java
// process of its own against the same embedded Kinesis without limits. Alternating runs, medians.
// The KCL keeps its leases in moto (FRAUDSTREAM_PYTHON). Processor time is that of the reader alone.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink-source.js [--full]

import { alternating, atLeast, medians, publish, ratio, settings } from './support/benchmark.js';
import { filledKinesis } from './support/filled-kinesis.js';
import { flinkClassPath, interopClassPath, javaNumbers, needFlinkJob } from './support/java.js';
import { startMoto } from './support/moto.js';

const given = settings({ runs: 1, transactions: 300_000 }, { runs: 5, transactions: 500_000 });
const SHARDS = 32;
/** Of 51,200 bytes: five reads a second are the 2 MB/s that AWS lets a shard give, as our source asks by itself. */
const AGGREGATES_A_READ = 8;
/** Processor time a record, over that of the cheapest of the others. */
const BOUND = 1;

needFlinkJob();
const interop = interopClassPath();
const moto = await startMoto();
const kinesis = await filledKinesis({ transactions: SHARDS }, given.transactions);
const stream = 'transactions';
const readers = {
  ours: () =>
    javaNumbers(flinkClassPath, 'io.fraudstream.bench.SourceBench', [
      kinesis.url,
      stream,
      given.transactions,
    ]),
  kcl: () =>
    javaNumbers(interop, 'io.fraudstream.interop.ReadByKcl', [
      'measure',
      kinesis.url,
      moto.url,
      stream,
      given.transactions,
      90,
      AGGREGATES_A_READ,
    ]),
  loop: () =>
    javaNumbers(interop, 'io.fraudstream.interop.ReadByLoop', [
      kinesis.url,
      stream,
      given.transactions,
      AGGREGATES_A_READ,
    ]),
};
const sides = Object.fromEntries(
  Object.entries(readers).map(([name, read]) => [
    name,
    () => {
      const [perSecond, perCpuSecond] = read();
      return { perSecond, perCpuSecond };
    },
  ]),
);
const mid = medians(await alternating(sides, given.runs));
kinesis.close();
moto.close();
const [overKcl, overLoop] = [mid.kcl, mid.loop].map(
  ({ perCpuSecond }) => mid.ours.perCpuSecond / perCpuSecond,
);
const names = {
  ours: 'the source of the job, in a whole Flink',
  kcl: 'KCL 3.0.2',
  loop: 'a thread a shard, GetRecords and AggregatorUtil',
};
publish({
  settings: given,
  tables: [
    {
      title: 'User records out of aggregates, 32 shards',
      rows: Object.entries(names).map(([name, reader]) => ({
        reader,
        'a second': mid[name].perSecond,
        'a CPU second': mid[name].perCpuSecond,
      })),
    },
  ],
  ratios: [
    ratio('the source over the KCL, a CPU second', overKcl),
    ratio('the source over a GetRecords loop, a CPU second', overLoop),
  ],
  bounds: [atLeast('over the cheapest of the others', Math.min(overKcl, overLoop), BOUND)],
});
