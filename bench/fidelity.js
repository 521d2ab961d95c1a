/**
 * What the tools add to the latencies that they report: `score`, `search --url` and `run` at given rates, `score` beside vegeta.
 *
 * Run `npm run build && node bench/fidelity.js`: JSON on stdout, exit code 1 when a bound is missed. Runs alternate, figures are medians.
 * vegeta sends a body of the same size to the same server, which answers immediately. Processor time is user and system of all
 * threads, start included. Due to sent is how long after the instant due a request or a record left. `run --local` has the
 * embedded Kinesis, the engine and the endpoint in the same process; no peer tests such a pipeline.
 */
import { alternating, atMost, medians, publish, ratio, settings } from './support/benchmark.js';
import { attacked, scored, withScoringServer } from './support/load-generators.js';
import { peersOf } from './support/peers.js';
import { fraudstream, timed } from './support/processes.js';

const RATES = [100, 1_000, 5_000];
const BOUNDS = { p99OverVegeta: 1.3, cpuOverVegeta: 2, slipP99Ms: 1 };
const given = settings({ runs: 1, seconds: 5 }, { runs: 3, seconds: 10 });
const skipped = [];
const [vegeta] = await peersOf(['vegeta'], skipped);

const tables = [];
const ratios = [];
const bounds = [];
await withScoringServer(0, async (target) => {
  for (const rate of RATES) {
    const load = { rate, seconds: given.seconds };
    const sides = {
      ...(vegeta && { vegeta: () => attacked(vegeta, target, load) }),
      score: () => scored(target, load),
      'search --url': () => searched(target, load),
      'run --local': () => ran(load),
    };
    const mid = medians(await alternating(sides, given.runs));
    const { score, vegeta: peer } = mid;
    tables.push({
      title: `At ${rate}/s`,
      rows: Object.entries(mid).map(([tool, of]) => ({
        tool,
        'p50 ms': of.p50,
        'p99 ms': of.p99,
        'due to sent p99 ms': of.slipP99,
        'CPU s': of.cpuSeconds,
      })),
    });
    const p99 = score.p99 / (peer?.p99 ?? Number.NaN);
    const cpu = score.cpuSeconds / (peer?.cpuSeconds ?? Number.NaN);
    ratios.push(
      ratio(`score: request p99 over vegeta at ${rate}/s`, p99, 'lower'),
      ratio(`score: CPU over vegeta at ${rate}/s`, cpu, 'lower'),
    );
    bounds.push(
      atMost(`score: p99 over vegeta at ${rate}/s`, p99, BOUNDS.p99OverVegeta),
      atMost(`score: CPU over vegeta at ${rate}/s`, cpu, BOUNDS.cpuOverVegeta),
      atMost(`score: due to sent p99 ms at ${rate}/s`, score.slipP99, BOUNDS.slipP99Ms),
      atMost(`run: due to sent p99 ms at ${rate}/s`, mid['run --local'].slipP99, BOUNDS.slipP99Ms),
    );
  }
});
publish({ settings: given, tables, ratios, bounds, skipped });

/** A search that tries one rate once. It reports the latency from the instant due, and none from the request. */
async function searched({ url }, { rate, seconds }) {
  const only = ['--from-rate', `${rate}/s`, '--to-rate', `${rate}/s`, '--repeat', 1];
  const { stdout, cpuSeconds } = await timed([
    ...[...fraudstream, 'search', '--url', url, ...only, '--step', `${seconds}s`, '--settle', '1s'],
    ...['--seed', 7, '--output', 'json', '--progress', 'none'],
  ]);
  const [trial] = JSON.parse(stdout).search.trials;
  return { p50: trial.p50_ms, p99: trial.p99_ms, cpuSeconds };
}

async function ran({ rate, seconds }) {
  const { stdout, cpuSeconds } = await timed([
    ...[...fraudstream, 'run', '--local', '--rate', `${rate}/s`, '--duration', `${seconds}s`],
    ...['--seed', 7, '--output', 'json', '--progress', 'none'],
  ]);
  const { delivery, generator } = JSON.parse(stdout);
  if (delivery.accepted !== rate * seconds) throw new Error(JSON.stringify(delivery));
  const { p50_ms: p50, p99_ms: p99 } = delivery.request;
  return { p50, p99, slipP99: generator.slip.p99_ms, cpuSeconds };
}
