import type { Runtime } from '../../cli/runtime.ts';
import { Engine, type StreamValues } from '../../engine/engine.ts';
import { GeneratedTruth, inlineTruth, labelledTruth } from '../../engine/ground-truth.ts';
import { emptyScoring, scoreRun } from '../../engine/score-run.ts';
import { openSinks, type Sinks } from '../../engine/sinks.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { labelsOf } from '../../files/labels.ts';
import { type BadLine, badLineText } from '../../files/reading/row.ts';
import { OUT_OF_RANGE } from '../../report/text/delivery-text.ts';
import { candidates, type Sourced } from '../../scoring/candidates.ts';
import type { ScoreClient } from '../../scoring/score-client.ts';
import { count } from '../../text/format.ts';
import type { Label } from '../../transactions/label.ts';
import { unreadable } from '../../transactions/verdict.ts';
import { AbortOnThreshold } from '../shared/abort-on-threshold.ts';
import { withCheckpointLock } from '../shared/checkpoint-lock.ts';
import {
  checkFeatures,
  chosenFeatures,
  missingIn,
  type ScoreValues,
  thresholdOf,
} from '../shared/scoring-settings.ts';
import { openTarget } from '../shared/scoring-target.ts';
import {
  openRecordSource,
  PACED_GROUP_SIZE,
  paced,
  plannedCount,
  ready,
} from '../shared/source.ts';
import { checkThresholds } from '../shared/thresholds.ts';

/**
 * The embedded engine: stream to endpoint to stream, at least once, through crashes.
 *
 * A checkpoint is a cut through the stream: positions and features between two records, kept when
 * every verdict before it has been acknowledged. So a crash loses nothing; what was scored after
 * the last cut is scored again, with the same features.
 */
export async function scoreStream(
  values: StreamValues,
  client: ScoreClient,
  guard: AbortOnThreshold,
): Promise<ExitCode> {
  const labels = values.labels === undefined ? undefined : await labelsOf(values.labels);
  const engine = await Engine.open(values, guard.runtime, labels?.all() ?? []);
  try {
    const code = await scoreRun({
      candidates: engine.candidates(),
      isPaced: false,
      client,
      sinks: engine.sinks,
      truth: labels ? labelledTruth(labels) : inlineTruth,
      values,
      threshold: await thresholdOf(values),
      guard,
      total: values.count,
      nameOf: ({ ordinal }) => String(engine.barriers.epochOf(ordinal)),
      hear: (outcomes) => {
        for (const { ordinal, error } of outcomes) {
          const epoch = engine.barriers.epochOf(ordinal);
          if (error !== undefined) engine.barriers.owe(epoch);
          // What a broken run could not score is to be scored by the next one.
          if (error === 'aborted') engine.barriers.owe(epoch);
        }
      },
      finish: () => engine.finish(),
      told: () => ({
        title: [
          `Scored by ${client.place} from stream ${values.fromStream} (${engine.stream.place})`,
          ...(engine.unread > 0
            ? [`  ${count(engine.unread)} records were no transactions and were not scored`]
            : []),
          ...(engine.outOfRange > 0
            ? [`  ${count(engine.outOfRange)} transactions ${OUT_OF_RANGE}`]
            : []),
        ],
        figures: {
          source: {
            stream: values.fromStream,
            unreadRecords: engine.unread,
            outOfRangeRecords: engine.outOfRange,
          },
        },
      }),
    });
    await labels?.tellUnused(guard.runtime);
    return strongest(code, engine.unread > 0 ? exitCodes.badData : exitCodes.ok);
  } finally {
    await engine.stream.close();
  }
}

/** Source to endpoint: paced, with features, scored; every transaction's verdict is written. */
export async function score(values: ScoreValues, runtime: Runtime): Promise<ExitCode> {
  checkThresholds(values.failIf, emptyScoring());
  checkFeatures(values);
  const guard = new AbortOnThreshold(values, runtime);
  const client = await openTarget(values, runtime.clock);
  try {
    const { fromStream } = values;
    if (fromStream === undefined) return await scoreSource(values, client, guard);
    return await withCheckpointLock(values.checkpoint, runtime, () =>
      scoreStream({ ...values, fromStream }, client, guard),
    );
  } finally {
    await client.close();
  }
}

async function scoreSource(
  values: ScoreValues,
  client: ScoreClient,
  guard: AbortOnThreshold,
): Promise<ExitCode> {
  const { runtime } = guard;
  const told = new GeneratedTruth();
  const features = chosenFeatures(values);
  const sinks = await openSinks(values, runtime);
  // What is wrong with a line goes to the sink of rejects, together with what could not be scored.
  const isPaced = Number.isFinite(values.rate);
  const listeners = {
    tell: (fraud: Label): void => {
      told.tell(fraud);
      features.expect(fraud);
    },
    reject: rejectedTo(sinks, runtime),
    missing: missingIn(values),
    groupSize: isPaced ? PACED_GROUP_SIZE : undefined,
  };
  const source = await openRecordSource({ ...values, rejects: undefined }, runtime, listeners);
  const truth = 'seed' in source.origin ? told : inlineTruth;
  const labels = values.labels === undefined ? undefined : await labelsOf(values.labels);
  for (const label of labels?.all() ?? []) features.expect(label);
  const pace = { ...values, stages: undefined };
  const groups = await ready<Sourced>(source.groups, pace);
  const records = paced(groups, pace, { clock: runtime.paceClock, stop: runtime.stop });
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
  await labels?.tellUnused(runtime);
  await source.close();
  return strongest(code, source.rejected() > 0 ? exitCodes.badData : exitCodes.ok);
}

function rejectedTo(sinks: Sinks, { clock }: Runtime): (bad: BadLine) => void {
  return (bad) => {
    const rejection = unreadable(bad.bytes, badLineText(bad), clock.now());
    // A sink that cannot be written says so when it is ended.
    sinks.rejects([rejection], '').catch(() => undefined);
  };
}
