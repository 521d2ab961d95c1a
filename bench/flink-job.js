// Transactions a second of the whole Flink job in one slot, and by each second of a processor, between an
// embedded Kinesis without limits and a canned endpoint of 5 ms. Medians.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink-job.js [runs] [transactions]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { filledKinesis } from './support/filled-kinesis.js';
import { flinkClassPath, javaNumbers, needFlinkJob } from './support/java.js';
import { median } from './support/median.js';

const RUNS = Number(process.argv[2] ?? 3);
const COUNT = Number(process.argv[3] ?? 400_000);
const streams = { transactions: 32, verdicts: 16, rejects: 1 };
/** Transactions for each second of a processor: 1.5 times the 10,900/s a slot of the first version. */
const BOUND = 16_350;

needFlinkJob();
const rates = [];
for (let run = 0; run < RUNS; run += 1) {
  const kinesis = await filledKinesis(streams, COUNT);
  const server = fork(join(import.meta.dirname, 'support', 'canned-scoring.js'), ['5']);
  const [[port]] = await once(server, 'message');
  const url = `http://127.0.0.1:${port}/score`;
  const args = [kinesis.url, url, 1, COUNT];
  rates.push(javaNumbers(flinkClassPath, 'io.fraudstream.job.BenchedJob', args));
  server.disconnect();
  kinesis.close();
}
const perSecond = median(rates.map(([wall]) => wall));
const perCpuSecond = median(rates.map(([, cpu]) => cpu));
const holds = perCpuSecond >= BOUND;
console.log(JSON.stringify({ bench: 'flink-job', runs: RUNS, perSecond, perCpuSecond, holds }));
process.exitCode = holds ? 0 : 1;
