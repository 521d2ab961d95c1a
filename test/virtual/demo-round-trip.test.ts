import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type RoundTrip, roundTrip } from '../../dist/commands/demo/round-trip.js';
import { Reconciliation } from '../../dist/metrics/consume-stats.js';
import { Delivery } from '../../dist/metrics/delivery.js';
import { LoadGeneratorHealth } from '../../dist/metrics/load-generator-health.js';
import { TimeSeries } from '../../dist/metrics/time-series.js';
import { paced } from '../../dist/pacing/pace-settings.js';
import { seeded } from '../support/random-records.ts';
import { SimulatedKinesis } from '../support/simulated-kinesis.ts';
import { simulatedReading } from '../support/simulated-reading.ts';
import { VirtualClock } from '../support/virtual-clock.ts';

const COUNT = 3;

/** A demo in virtual time whose engine takes so long for each transaction, and so long to end. */
async function demo(rate: number, engineMs: number, finishMs = 0) {
  const clock = new VirtualClock();
  const random = seeded(3);
  const streams = [0, 1].map(() => new SimulatedKinesis(clock, random, []));
  const [input, verdicts] = streams.map((kinesis) => ({
    ...simulatedReading(kinesis, clock, random),
    put: (entries: Parameters<SimulatedKinesis['put']>[0]) => kinesis.put(entries),
  }));
  const answer = async (id: string): Promise<void> => {
    await clock.sleep(engineMs);
    const at = '2026-01-01T00:00:00.000Z';
    const known = { transaction_id: id, card_id: 'card', event_time: at, scored_at: at };
    const judged = { score: 0.5, is_fraud_predicted: true, threshold: 0.5, attempts: 1 };
    const data = Buffer.from(JSON.stringify({ ...known, ...judged }));
    await verdicts?.put([{ partitionKey: 'card', data }]);
  };
  const answers: Promise<void>[] = [];
  const reconciliation = new Reconciliation();
  const trip = {
    ...{ input, reconciliation, generator: new LoadGeneratorHealth(true) },
    ...{ verdictStream: verdicts, delivery: new Delivery() },
    series: new TimeSeries('due to receipt'),
    finish: async () => {
      await clock.sleep(finishMs);
      await Promise.all(answers);
      return {};
    },
    onVerdicts: () => undefined,
  } as unknown as RoundTrip;
  const records = Array.from({ length: COUNT }, (_, n) => ({
    id: `t${n}`,
    partitionKey: 'card',
    data: Buffer.from(`${n}`),
  }));
  const pace = { perSecond: rate, count: COUNT };
  const stop = new AbortController().signal;
  const due = paced([records], pace, { clock, stop });
  async function* sent(): typeof due {
    for await (const group of due) {
      for (const { record } of group) answers.push(answer(record.id));
      yield group;
    }
  }
  const gc = { gcCount: 0, gcMs: 0, gcMaxMs: 0 };
  const delay = { delayP99Ms: 0, delayMaxMs: 0 };
  const load = { seconds: 1, cores: 0, busyShare: 0, memoryBytes: 0, ...delay, ...gc };
  const meter = () => ({ read: () => load, stop: () => undefined });
  await clock.pass(roundTrip(sent(), trip, { clock, random, meter }));
  return reconciliation.summary();
}

/** Records a second, the time an engine takes for each, and the time it takes to end. */
const rows = [
  ['a usual demo', 4_000, 5, 0],
  ['records further apart than anybody is patient', 0.08, 5, 0],
  ['records further apart still', 0.01, 5, 0],
  ['an engine that is slow to answer', 4_000, 25_000, 0],
  ['an engine that answers only when it is told to finish', 4_000, 70_000, 5_000],
] as const;
for (const [what, rate, engineMs, finishMs] of rows) {
  test(`${what}: every verdict is read`, async () => {
    const { produced, consumed, missing } = await demo(rate, engineMs, finishMs);
    assert.deepEqual({ produced, consumed, missing }, { produced: 3, consumed: 3, missing: 0 });
  });
}
