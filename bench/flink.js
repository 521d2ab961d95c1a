// Transactions a second of the Flink job's scoring operator, in a Flink of one process: ours beside the
// pattern of the AWS sample of Async I/O, against an endpoint of 5 ms and of 50 ms, on 1, 2 and 4 slots.
// Same server, same run, alternating, medians.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink.js [runs]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { flinkClassPath, javaNumbers, needFlinkJob } from './support/java.js';
import { median } from './support/median.js';

const RUNS = Number(process.argv[2] ?? 3);
const SECONDS = 10;
const BOUNDS = { oursOverSample: 10, linear: 0.8 };
/** Latency of the endpoint, requests in flight in a slot, rows a request. */
const settings = [
  { latencyMs: 50, capacity: 100, rows: 1 },
  { latencyMs: 5, capacity: 10, rows: 1 },
  { latencyMs: 50, capacity: 100, rows: 16 },
];

function perSecond(pattern, port, slots, { latencyMs, capacity, rows }) {
  const inFlight = pattern === 'ours' ? capacity * rows : 1;
  const foreseen = Math.min(40_000, ((inFlight * 1000) / latencyMs) * slots);
  const all = Math.ceil(foreseen * SECONDS);
  const url = `http://127.0.0.1:${port}/score`;
  const args = [pattern, url, slots, capacity, pattern === 'ours' ? rows : 1, all].map(String);
  return javaNumbers(flinkClassPath, 'io.fraudstream.bench.ScoringBench', args)[0];
}

needFlinkJob();
const results = [];
for (const setting of settings) {
  const server = fork(join(import.meta.dirname, 'support', 'canned-scoring.js'), [
    String(setting.latencyMs),
  ]);
  const [[port]] = await once(server, 'message');
  const rates = { sample: [], ours1: [], ours2: [], ours4: [] };
  for (let run = 0; run < RUNS; run += 1) {
    rates.sample.push(perSecond('sample', port, 1, setting));
    for (const slots of [1, 2, 4]) {
      rates[`ours${slots}`].push(perSecond('ours', port, slots, setting));
    }
  }
  server.disconnect();
  const [sample, one, two, four] = Object.values(rates).map(median);
  const ceiling = (setting.capacity * setting.rows * 1000) / setting.latencyMs;
  results.push({
    ...setting,
    samplePerSecond: Math.round(sample),
    oursPerSecond: { 1: Math.round(one), 2: Math.round(two), 4: Math.round(four) },
    oursOverSample: Number((one / sample).toFixed(1)),
    ofCapacityOverLatency: Number((one / ceiling).toFixed(2)),
    linear: { 2: Number((two / one / 2).toFixed(2)), 4: Number((four / one / 4).toFixed(2)) },
  });
}
const [at50, at5] = results;
const holds =
  at50.oursOverSample >= BOUNDS.oursOverSample &&
  [at50, at5].every(({ linear }) => Math.min(linear[2], linear[4]) >= BOUNDS.linear);
console.log(JSON.stringify({ runs: RUNS, bounds: BOUNDS, results, holds }, null, 2));
process.exitCode = holds ? 0 : 1;
