import type { ExitCode } from '../../../exit-codes.ts';
import type { Recorded } from '../../../files/recorded.ts';
import type { Due } from '../../../records/due.ts';
import { candidates } from '../../../scoring/candidates.ts';
import { score } from '../../score.ts';
import { settle } from '../../settings/settle.ts';
import type { Replay, ReplayValues } from '../replay.ts';
import { chosenFeatures, thresholdOf } from '../scoring/chosen.ts';
import { scoreRun } from '../scoring/run.ts';
import type { ScoreValues } from '../scoring/score-values.ts';
import { openSinks } from '../scoring/sinks.ts';
import { openTarget } from '../scoring/target.ts';
import { inlineTruth } from '../scoring/truth.ts';

/** Scores the records when they are due. */
export async function toScore(
  run: Replay,
  records: AsyncIterable<readonly Due<Recorded>[]>,
  figures: () => object,
  text: () => readonly string[],
): Promise<ExitCode> {
  const { values: asked, outside, input, checkpoint } = run;
  const values = scoreValues(asked, outside.env);
  const client = await openTarget(values, outside.clock);
  const isPaced =
    asked.rate === undefined ? Number.isFinite(asked.speed) : Number.isFinite(asked.rate);
  try {
    return await scoreRun({
      candidates: candidates(records, chosenFeatures(values).of, isPaced),
      isPaced,
      client,
      sinks: await openSinks(values, outside),
      truth: inlineTruth,
      values,
      threshold: await thresholdOf(values),
      guard: run.guard,
      total: asked.limit,
      nameOf: ({ candidate }) => candidate.id,
      hear: (outcomes) =>
        checkpoint?.settle(
          outcomes.map(({ candidate, error }) => ({
            id: candidate.id,
            isAccepted: error === undefined,
          })),
        ),
      told: () => ({
        title: [`Replayed ${input.paths.join(', ')} to ${client.place}`, ...text()],
        figures: figures(),
      }),
    });
  } finally {
    await checkpoint?.close(true);
    await client.close();
  }
}

/** The values of `score`: what both commands know, and its own defaults. */
function scoreValues(asked: ReplayValues, env: Replay['outside']['env']): ScoreValues {
  const settled = settle(score.settings, { flags: new Map(), env });
  const own = Object.fromEntries(settled.map(({ key, value }) => [key, value]));
  const { endpointName, url, local, region, profile, capacity, batchRows, out } = asked;
  const { output, report, progress, failIf, abortOnFail } = asked;
  const known = { endpointName, url, local, region, profile, capacity, batchRows, out };
  // The table of the settings has a value of the right type for each name.
  return {
    ...own,
    ...known,
    output,
    report,
    progress,
    failIf,
    abortOnFail,
    rejects: undefined,
  } as unknown as ScoreValues;
}
