// Goodput of `score` from half to ten times of what an endpoint can do, beside a closed loop of fixed concurrency.
// The endpoint is simulated in virtual time, so that the figures do not depend on the machine: 16 workers of 80 ms make
// 200 requests of one row a second; what finds none free waits in one queue, and is worked on even when it was given up.
// A closed loop has as many callers as the load says, in times of what fits into the timeout; each waits up to the
// timeout and sends again. Scores that came within 1 s, a second, as a share of the capacity; bound: 0.9 from 1x on.
//   npm run build && npx tsc -p test && node bench/goodput.js
import { SimulatedScoring, scoredBy, scoresFor } from '../dist-test/support/scored.js';
import { seeded } from '../dist-test/support/seeded.js';
import { VirtualClock } from '../dist-test/support/virtual-clock.js';
import { atLeast, publish, ratio } from './support/benchmark.js';

const CAPACITY = 200;
const SERVICE_MS = 80;
const TIMEOUT_MS = 1_000;
const SECONDS = 8;
const LOADS = [0.5, 0.8, 1, 1.5, 2, 3, 5, 10];
const BOUND = 0.9;

/** How an endpoint behaves that takes requests in their order, given up or not. */
function endpoint() {
  const freeAt = Array.from({ length: (CAPACITY * SERVICE_MS) / 1_000 }, () => 0);
  const random = seeded(11);
  return (numbers, _request, now) => {
    const worker = freeAt.indexOf(Math.min(...freeAt));
    freeAt[worker] = Math.max(now, freeAt[worker]) + SERVICE_MS * (0.5 + random());
    return { afterMs: freeAt[worker] - now, reply: scoresFor(numbers) };
  };
}

/** Scores a second of the second half, by `score`. */
async function openLoop(load) {
  const clock = new VirtualClock();
  const perSecond = load * CAPACITY;
  const course = { count: perSecond * SECONDS, perSecond, groupSize: Math.ceil(perSecond / 100) };
  const settings = { timeoutMs: TIMEOUT_MS };
  const from = clock.now() + 500 * SECONDS;
  const simulated = new SimulatedScoring(clock, endpoint());
  const { outcomes } = await clock.pass(scoredBy(simulated, clock, { ...course, settings }));
  const steady = outcomes.filter(
    ({ error, settledAt: at }) => error === undefined && at >= from && at < from + 500 * SECONDS,
  );
  return steady.length / (SECONDS / 2);
}

/** The same of callers that each send, wait up to the timeout, and send again. */
async function closedLoop(load) {
  const clock = new VirtualClock();
  const behave = endpoint();
  const startAt = clock.now();
  const endAt = startAt + 1_000 * SECONDS;
  let inTime = 0;
  const call = async () => {
    while (clock.now() < endAt) {
      const { afterMs } = behave([1], 0, clock.now());
      await clock.sleep(Math.min(afterMs, TIMEOUT_MS));
      const isSteady = clock.now() >= startAt + 500 * SECONDS && clock.now() < endAt;
      if (afterMs <= TIMEOUT_MS && isSteady) inTime += 1;
    }
  };
  const callers = Math.ceil((load * CAPACITY * TIMEOUT_MS) / 1_000);
  await clock.pass(Promise.all(Array.from({ length: callers }, call)));
  return inTime / (SECONDS / 2);
}

const share = (perSecond) => Number((perSecond / CAPACITY).toFixed(3));
const rows = [];
for (const load of LOADS) {
  const closed = share(await closedLoop(load));
  rows.push({ load, score: share(await openLoop(load)), closed_loop: closed });
}
const at1 = rows.find(({ load }) => load === 1);
const least = Math.min(...rows.filter(({ load }) => load >= 1).map(({ score }) => score));
publish({
  settings: { capacityPerSecond: CAPACITY },
  tables: [
    {
      title: 'Scores in time as a share of the capacity of the endpoint, in virtual time',
      rows: rows.map(({ load, score, closed_loop: closed }) => ({
        'load, times the capacity': load,
        score,
        'closed loop': closed,
      })),
      plot: { file: 'goodput.svg', isLogarithmic: false },
    },
  ],
  ratios: [ratio('score over a closed loop at 1x', at1.score / at1.closed_loop)],
  bounds: [atLeast('least share from 1x on', least, BOUND)],
});
