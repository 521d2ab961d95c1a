import type { Runtime } from '../../cli/runtime.ts';
import { consume } from '../../kinesis/consumer/consume.ts';
import { producerDefaults } from '../../kinesis/producer/producer-settings.ts';
import { put } from '../../kinesis/producer/put.ts';
import type { ReadClient } from '../../kinesis/read-client.ts';
import type { Reconciliation } from '../../metrics/consume-stats.ts';
import type { Delivery } from '../../metrics/delivery.ts';
import type { LoadGeneratorHealth } from '../../metrics/load-generator-health.ts';
import type { TimeSeries } from '../../metrics/time-series.ts';
import { observeDepartures, ProducerBacklog } from '../../pipeline-test/departures.ts';
import type { EngineResult } from '../../pipeline-test/engine-thread.ts';
import { sampleLoad } from '../../pipeline-test/load-sampler.ts';
import type { Pipeline } from '../../pipeline-test/pipeline.ts';
import type { Due, UserRecord } from '../../transactions/user-record.ts';
import { parseVerdict, type Verdict } from '../../transactions/verdict.ts';

/** Both ends of a pipeline at once, and what they saw. */
export interface RoundTrip extends Pick<Pipeline, 'input'> {
  readonly verdictStream: ReadClient;
  readonly delivery: Delivery;
  readonly reconciliation: Reconciliation;
  readonly generator: LoadGeneratorHealth;
  readonly series: TimeSeries;
  /** Lets the engine finish what it has taken: from then on no new verdict is written. */
  finish(): Promise<EngineResult>;
  onVerdicts(verdict: Verdict): void;
}

/** As often as Kinesis lets a shard be read. */
const READING = { limit: 10_000, pollIntervalMs: 200 } as const;
/** Nothing more is waited for when all has been put and no verdict has come for so long. */
const IDLE_MS = 30_000;
const DRAIN_POLL_MS = 20;

/** Puts transactions and reads verdicts until every acknowledged one has its verdict. */
export async function roundTrip(
  due: AsyncIterable<readonly Due<UserRecord>[]>,
  trip: RoundTrip,
  runtime: Pick<Runtime, 'clock' | 'random' | 'meter'>,
): Promise<EngineResult> {
  const load = sampleLoad(trip.generator, runtime);
  const stop = new AbortController();
  const state = { lastVerdictAt: Number.NaN };
  const reading = readVerdicts(trip, state, stop.signal, runtime);
  // Its error is thrown where it is awaited.
  reading.catch(() => undefined);
  let engine: EngineResult;
  load.begin();
  try {
    const broken = reading.then(() => new Promise<never>(() => undefined));
    await Promise.race([produceAll(due, trip, runtime), broken]);
    load.end();
    await Promise.race([drained(trip, state, runtime), broken]);
    // What the engine had in hand is in its stream now: it is not lost because the machine is slow.
    engine = await Promise.race([trip.finish(), broken]);
    await Promise.race([drained(trip, state, runtime), broken]);
  } finally {
    load.stop();
    stop.abort();
  }
  await reading;
  return engine;
}

/** Waits until every acknowledged transaction has its verdict, or none has come for a while from now. */
async function drained(
  trip: RoundTrip,
  state: { readonly lastVerdictAt: number },
  { clock }: Pick<Runtime, 'clock'>,
): Promise<void> {
  const from = clock.now();
  while (!isComplete(trip) && clock.now() - Math.max(from, state.lastVerdictAt || 0) < IDLE_MS) {
    await clock.sleep(DRAIN_POLL_MS);
  }
}

async function produceAll(
  due: AsyncIterable<readonly Due<UserRecord>[]>,
  { input, delivery, reconciliation, generator, series }: RoundTrip,
  { clock, random }: Pick<Runtime, 'clock' | 'random'>,
): Promise<void> {
  const dependencies = { clock, random, observe: delivery.addRequest.bind(delivery) };
  const backlog = new ProducerBacklog(producerDefaults);
  const observer = {
    left: (group: readonly Due<UserRecord>[], now: number): void => {
      backlog.add(group);
      generator.left(group, now, Number.NEGATIVE_INFINITY);
    },
    isFull: (): boolean => backlog.isNearlyFull,
    addBlocked: (ms: number): void => generator.addBlocked(ms),
  };
  const leaving = observeDepartures(due, observer, clock);
  for await (const receipts of put(leaving, input, dependencies, producerDefaults)) {
    delivery.add(receipts);
    series.addReceipts(receipts);
    backlog.remove(receipts);
    for (const { id, isAccepted } of receipts) if (isAccepted) reconciliation.addProduced(id);
  }
}

async function readVerdicts(
  trip: RoundTrip,
  state: { lastVerdictAt: number },
  stop: AbortSignal,
  { clock }: Pick<Runtime, 'clock'>,
): Promise<void> {
  const settings = { from: 'trim-horizon', ...READING } as const;
  for await (const batch of consume(trip.verdictStream, { clock, stop }, settings)) {
    for (const { data, isInRange } of batch.records) {
      const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
      const result = parseVerdict(JSON.parse(text));
      if ('problem' in result) continue;
      trip.reconciliation.addConsumed(result.verdict.transaction_id, isInRange);
      trip.onVerdicts(result.verdict);
      state.lastVerdictAt = clock.now();
    }
  }
}

function isComplete({ delivery, reconciliation }: RoundTrip): boolean {
  return reconciliation.consumed >= delivery.accepted;
}
