/**
 * Load generators of others beside `score`, against the same server: paced, at full speed, and while the server stalls.
 *
 * Run `npm run build && node bench/load-generators.js`: JSON on stdout. The generators take turns, figures are medians.
 * `score` makes its transactions, computes features and reads scores meanwhile; the others send one body again and again.
 * The server stalls for the first 250 ms of each second: a quarter of the requests that are due then wait, up to 250 ms. Whoever
 * measures from the instant due finds 150 ms at p90; a closed loop leaves out the requests that it did not send meanwhile.
 */
import {
  alternating,
  atLeast,
  atMost,
  medians,
  publish,
  ratio,
  settings,
} from './support/benchmark.js';
import { attacked, generatorNames, scored, withScoringServer } from './support/load-generators.js';
import { peersOf } from './support/peers.js';

const RATES = [100, 1_000, 5_000];
const STALL = { rate: 1_000, ms: 250 };
const BOUNDS = { responseP90Ms: 100, serviceP90Ms: 60 };
/** In the whole second in which the stall lasts so many requests can be under way, as in a closed loop. */
const STALL_FLAGS = ['--capacity', 20, '--concurrency-limit', 'fixed'];
const given = settings({ runs: 1, seconds: 3 }, { runs: 5, seconds: 8 });
const skipped = ['k6: under the AGPL, is not installed by this project'];
const peers = await peersOf(generatorNames, skipped);

const tables = [];
const ratios = [];
await withScoringServer(0, async (target) => {
  for (const rate of [...RATES, undefined]) {
    const mid = await measured(target, { rate, seconds: given.seconds }, []);
    const at = rate === undefined ? 'at full speed' : `at ${rate}/s`;
    tables.push({ title: `Requests ${at}`, rows: rowsOf(mid) });
    for (const { name } of peers) {
      if (mid[name] === undefined) continue;
      ratios.push(
        ratio(`requests/s/core over ${name}, ${at}`, mid.score.perCore / mid[name].perCore),
      );
    }
  }
});
const stalled = await withScoringServer(STALL.ms, (target) =>
  measured(target, { rate: STALL.rate, seconds: given.seconds + 1 }, STALL_FLAGS),
);
tables.push({
  title: `A server that stalls ${STALL.ms} ms each second, ${STALL.rate}/s`,
  rows: stallRows(),
});
publish({
  settings: {
    ...given,
    versions: peers.map(({ name, version }) => `${name} ${version}`).join(', '),
  },
  tables,
  ratios,
  bounds: [
    atLeast(
      'p90 of the response during stalls, ms',
      stalled.score.responseP90,
      BOUNDS.responseP90Ms,
    ),
    atMost('p90 of the service during stalls, ms', stalled.score.p90, BOUNDS.serviceP90Ms),
  ],
  skipped,
});

async function measured(target, load, flags) {
  const sides = { score: () => scored(target, load, flags) };
  for (const each of peers) {
    // wrk has no rate.
    if (each.name === 'wrk' && load.rate !== undefined) continue;
    sides[each.name] = () => attacked(each, target, load);
  }
  return medians(await alternating(sides, given.runs));
}

function rowsOf(mid) {
  return Object.entries(mid).map(([generator, of]) => ({
    generator,
    'requests/s': of.perSecond,
    'CPU s': of.cpuSeconds,
    'requests/s/core': of.perCore,
    'p50 ms': of.p50,
    'p99 ms': of.p99,
  }));
}

function stallRows() {
  const { score, ...others } = stalled;
  const row = (name, p90, p99, perSecond) => ({
    'what is reported': name,
    'p90 ms': p90,
    'p99 ms': p99,
    'requests/s': perSecond,
  });
  return [
    row(
      'score, response: from the instant due',
      score.responseP90,
      score.responseP99,
      score.perSecond,
    ),
    row('score, service: from the request', score.p90, score.p99),
    ...Object.entries(others).map(([name, of]) => row(name, of.p90, of.p99, of.perSecond)),
  ];
}
