// Transactions a second of the Flink job's scoring operator, in a Flink of one process: ours beside the
// pattern of the AWS sample of Async I/O, against an endpoint of 5 ms and of 50 ms, on 1, 2 and 4 slots.
// Same server, same run, alternating, medians.
//   npm run build && mvn -f pipeline/flink -q package -DskipTests && node bench/flink.js [--full]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { atLeast, median, publish, ratio, settings } from './support/benchmark.js';
import { flinkClassPath, javaNumbers, needFlinkJob } from './support/java.js';

const given = settings({ runs: 1, seconds: 4 }, { runs: 3, seconds: 10 });
const BOUNDS = { oursOverSample: 10, linear: 0.8 };
/** Latency of the endpoint, requests in flight in a slot, rows a request. */
const endpoints = [
  { latencyMs: 50, capacity: 100, rows: 1 },
  { latencyMs: 5, capacity: 10, rows: 1 },
  { latencyMs: 50, capacity: 100, rows: 16 },
];

function perSecond(pattern, port, slots, { latencyMs, capacity, rows }) {
  const inFlight = pattern === 'ours' ? capacity * rows : 1;
  const foreseen = Math.min(40_000, ((inFlight * 1000) / latencyMs) * slots);
  const all = Math.ceil(foreseen * given.seconds);
  const url = `http://127.0.0.1:${port}/score`;
  const args = [pattern, url, slots, capacity, pattern === 'ours' ? rows : 1, all].map(String);
  return javaNumbers(flinkClassPath, 'io.fraudstream.bench.ScoringBench', args)[0];
}

needFlinkJob();
const rows = [];
const found = [];
for (const setting of endpoints) {
  const server = fork(join(import.meta.dirname, 'support', 'canned-scoring.js'), [
    String(setting.latencyMs),
  ]);
  const [[port]] = await once(server, 'message');
  const rates = { sample: [], ours1: [], ours2: [], ours4: [] };
  for (let run = 0; run < given.runs; run += 1) {
    rates.sample.push(perSecond('sample', port, 1, setting));
    for (const slots of [1, 2, 4]) {
      rates[`ours${slots}`].push(perSecond('ours', port, slots, setting));
    }
  }
  server.disconnect();
  const [sample, one, two, four] = Object.values(rates).map(median);
  const overSample = one / sample;
  const linear = { 2: two / one / 2, 4: four / one / 4 };
  found.push({ overSample, linear });
  rows.push({
    endpoint: `${setting.latencyMs} ms, ${setting.capacity} requests of ${setting.rows}`,
    'sample, 1 slot': sample,
    '1 slot': one,
    '2 slots': two,
    '4 slots': four,
    'over the sample': overSample,
    'of capacity / latency': one / ((setting.capacity * setting.rows * 1000) / setting.latencyMs),
    'linear to 4': linear[4],
  });
}
const [at50, at5] = found;
publish({
  settings: given,
  tables: [{ title: 'Transactions a second of the scoring operator', rows }],
  ratios: [ratio('over the pattern of the AWS sample, 50 ms', at50.overSample)],
  bounds: [
    atLeast('over the sample at 50 ms', at50.overSample, BOUNDS.oursOverSample),
    atLeast('linear at 50 ms', Math.min(at50.linear[2], at50.linear[4]), BOUNDS.linear),
    atLeast('linear at 5 ms', Math.min(at5.linear[2], at5.linear[4]), BOUNDS.linear),
  ],
});
