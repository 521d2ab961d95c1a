import { setImmediate as breathe } from 'node:timers/promises';
import type { Candidate, ScoringOutcome } from '../transactions/scoring-outcome.ts';
import type { Due } from '../transactions/user-record.ts';
import { AdaptiveLimit, fixedLimit } from './concurrency-limit.ts';
import type { ScoreForm } from './request/request-body.ts';
import type { Endpoint } from './score-client.ts';
import type { ScoreDependencies, ScoreSettings } from './score-settings.ts';
import { Scorer } from './scorer.ts';

/** How often deadlines are looked at when nothing else happens. */
const TICK_MS = 5;
/** How long the source may run on before sockets and timers get their turn. */
const BREATH_MS = 4;

/**
 * Scores transactions against an endpoint, many at once; yields an outcome for every one.
 *
 * The source is pulled only while there is room in the capacity (of requests, times the rows of a
 * batch); a due instant that is NaN stands for as soon as it can be sent; an outcome frees its room when the
 * reader asks for the next group. `tell` hears the engine, whose breaker and bounds reports may read.
 * Errors: throws `FraudstreamError` after the last outcome when nothing could be scored any more
 * (`no-permission`, `not-found`, `unreachable`), or with whatever the source threw. A transaction
 * that failed is not an error but an outcome.
 */
export async function* score(
  groups: AsyncIterable<readonly Due<Candidate>[]>,
  endpoint: Endpoint,
  form: ScoreForm,
  dependencies: ScoreDependencies,
  settings: ScoreSettings,
  tell: (scorer: Pick<Scorer, 'breaker' | 'heldBack'>) => void = () => undefined,
): AsyncGenerator<readonly ScoringOutcome[], void, undefined> {
  const { capacity, concurrency } = settings;
  const isAdaptive = concurrency === 'adaptive';
  const limiter = isAdaptive
    ? new AdaptiveLimit(capacity, dependencies.random)
    : fixedLimit(capacity);
  const scorer = new Scorer(endpoint, form, limiter, dependencies, settings);
  const { ledger } = scorer;
  tell(scorer);
  const stop = new AbortController();
  void tick(scorer, dependencies, stop.signal);
  void feed(groups, scorer, dependencies, stop.signal);
  try {
    for await (const outcomes of ledger.outcomes) {
      yield outcomes;
      ledger.free(outcomes.length);
    }
    if (scorer.silence) throw scorer.silence;
  } finally {
    stop.abort();
    ledger.free(0);
  }
}

async function feed(
  groups: AsyncIterable<readonly Due<Candidate>[]>,
  scorer: Scorer,
  dependencies: ScoreDependencies,
  stop: AbortSignal,
): Promise<void> {
  let breathedAt = dependencies.clock.now();
  try {
    for await (const group of groups) {
      await admit(group, scorer, dependencies, stop);
      if (scorer.isBroken || stop.aborted) break;
      scorer.pump();
      if (dependencies.clock.now() - breathedAt < BREATH_MS) continue;
      await breathe();
      breathedAt = dependencies.clock.now();
    }
    scorer.finish();
  } catch (error) {
    scorer.finish(error);
  }
}

/** Adds the transactions of a group one by one, each when there is room for it. */
async function admit(
  group: readonly Due<Candidate>[],
  scorer: Scorer,
  { clock }: ScoreDependencies,
  stop: AbortSignal,
): Promise<void> {
  const cameAt = clock.now();
  let now = cameAt;
  for (const due of group) {
    while (!scorer.ledger.hasRoom && !stop.aborted && !scorer.isBroken) {
      scorer.pump();
      // What was given up just now may have made room.
      if (!scorer.ledger.hasRoom) await scorer.ledger.freed();
      now = clock.now();
    }
    if (stop.aborted || scorer.isBroken) return;
    scorer.add(due, cameAt, now);
  }
}

async function tick(
  scorer: Scorer,
  { clock }: ScoreDependencies,
  stop: AbortSignal,
): Promise<void> {
  while (!scorer.ledger.isOver && !stop.aborted) {
    // Not ended by `stop`: to listen to it costs more than the rest of the tick.
    await clock.sleep(TICK_MS);
    scorer.pump();
  }
}
