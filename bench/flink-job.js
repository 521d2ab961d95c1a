// Transactions a second of the whole Flink job in one slot, and by each second of a processor, between an
// embedded Kinesis without limits and a canned endpoint of 5 ms. Medians.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink-job.js [--full]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { atLeast, median, publish, settings } from './support/benchmark.js';
import { filledKinesis } from './support/filled-kinesis.js';
import { flinkClassPath, javaNumbers, needFlinkJob } from './support/java.js';

const given = settings({ runs: 1, transactions: 200_000 }, { runs: 3, transactions: 400_000 });
const streams = { transactions: 32, verdicts: 16, rejects: 1 };
/** Transactions for each second of a processor: 1.5 times the 10,900/s a slot of the first version. */
const BOUND = 16_350;

needFlinkJob();
const rates = [];
for (let run = 0; run < given.runs; run += 1) {
  const kinesis = await filledKinesis(streams, given.transactions);
  const server = fork(join(import.meta.dirname, 'support', 'canned-scoring.js'), ['5']);
  const [[port]] = await once(server, 'message');
  const url = `http://127.0.0.1:${port}/score`;
  const args = [kinesis.url, url, 1, given.transactions];
  rates.push(javaNumbers(flinkClassPath, 'io.fraudstream.job.BenchedJob', args));
  server.disconnect();
  kinesis.close();
}
const [perSecond, perCpuSecond] = [0, 1].map((at) => median(rates.map((rate) => rate[at])));
publish({
  settings: given,
  tables: [
    {
      title: 'The whole job in one slot',
      rows: [{ job: 'fraudstream', 'a second': perSecond, 'a CPU second': perCpuSecond }],
    },
  ],
  bounds: [atLeast('transactions a CPU second', perCpuSecond, BOUND)],
});
