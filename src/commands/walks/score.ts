import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { type BadLine, badLineText } from '../../files/reading/row.ts';
import { preciseClock } from '../../pacing/precise-clock.ts';
import type { Label } from '../../records/label.ts';
import { unreadable } from '../../records/rejection.ts';
import { count } from '../../reporting/format.ts';
import { candidates, type Sourced } from '../../scoring/candidates.ts';
import type { ScoreClient } from '../../scoring/clients/client.ts';
import type { Outside } from '../outside.ts';
import { withCheckpointLock } from './reading/checkpoint-lock.ts';
import { Guard } from './reports/guard.ts';
import { checkLimits } from './reports/limits.ts';
import { checkFeatures, chosenFeatures, missingIn, thresholdOf } from './scoring/chosen.ts';
import { labelsOf } from './scoring/labels.ts';
import { emptyScoring, scoreRun } from './scoring/run.ts';
import { scoreStream } from './scoring/score-stream.ts';
import type { ScoreValues } from './scoring/score-values.ts';
import { openSinks, type Sinks } from './scoring/sinks.ts';
import { openTarget } from './scoring/target.ts';
import { inlineTruth, labelledTruth, ToldTruth } from './scoring/truth.ts';
import { paced, plannedCount, ready } from './sources/paced.ts';
import { openSource } from './sources/source.ts';

/** Source to endpoint: paced, with features, scored; every transaction's verdict is written. */
export async function score(values: ScoreValues, outside: Outside): Promise<ExitCode> {
  checkLimits(values.failIf, emptyScoring());
  checkFeatures(values);
  const guard = new Guard(values, outside);
  const client = await openTarget(values, outside.clock);
  try {
    const { fromStream } = values;
    if (fromStream === undefined) return await scoreSource(values, client, guard);
    return await withCheckpointLock(values.checkpoint, outside, () =>
      scoreStream({ ...values, fromStream }, client, guard),
    );
  } finally {
    await client.close();
  }
}

async function scoreSource(
  values: ScoreValues,
  client: ScoreClient,
  guard: Guard,
): Promise<ExitCode> {
  const { outside } = guard;
  const told = new ToldTruth();
  const features = chosenFeatures(values);
  const sinks = await openSinks(values, outside);
  // What is wrong with a line goes to the sink of rejects, together with what could not be scored.
  const listeners = {
    tell: (fraud: Label): void => {
      told.tell(fraud);
      features.expect(fraud);
    },
    reject: rejectedTo(sinks, outside),
    missing: missingIn(values),
  };
  const source = await openSource({ ...values, rejects: undefined }, outside, listeners);
  const truth = 'seed' in source.origin ? told : inlineTruth;
  const labels = values.labels === undefined ? undefined : await labelsOf(values.labels);
  for (const label of labels?.all() ?? []) features.expect(label);
  const pace = { ...values, stages: undefined };
  const precise = { ...outside, clock: preciseClock(outside.clock) };
  const groups = await ready<Sourced>(source.groups, pace);
  const records = paced(groups, pace, precise);
  const isPaced = Number.isFinite(values.rate);
  const code = await scoreRun({
    candidates: candidates(records, features.of, isPaced),
    isPaced,
    client,
    sinks,
    truth: labels ? labelledTruth(labels) : truth,
    values,
    threshold: await thresholdOf(values),
    guard,
    total: plannedCount(pace),
    nameOf: ({ candidate }) => candidate.id,
    told: () => {
      const { origin } = source;
      const from = 'seed' in origin ? `a generated world, seed ${origin.seed}` : origin.input;
      const bad = source.rejected();
      const note = bad > 0 ? [`  ${count(bad)} bad lines of the input were not sent`] : [];
      return {
        title: [`Scored by ${client.place} from ${from}`, ...note],
        figures: { source: { ...origin, rejectedLines: bad } },
      };
    },
  });
  await labels?.tellUnused(outside);
  await source.close();
  return strongest(code, source.rejected() > 0 ? exitCodes.badData : exitCodes.held);
}

function rejectedTo(sinks: Sinks, { clock }: Outside): (bad: BadLine) => void {
  return (bad) => {
    const rejection = unreadable(bad.bytes, badLineText(bad), clock.now());
    // A sink that cannot be written says so when it is ended.
    sinks.rejects([rejection], '').catch(() => undefined);
  };
}
