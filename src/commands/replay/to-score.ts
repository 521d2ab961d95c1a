import { inlineTruth } from '../../engine/ground-truth.ts';
import { scoreRun } from '../../engine/score-run.ts';
import { openSinks } from '../../engine/sinks.ts';
import type { ExitCode } from '../../exit-codes.ts';
import type { Recorded } from '../../files/recorded-transactions.ts';
import { candidates } from '../../scoring/candidates.ts';
import type { Due } from '../../transactions/user-record.ts';
import type { ScoringValues } from '../shared/scoring-settings.ts';
import { chosenFeatures, thresholdOf } from '../shared/scoring-settings.ts';
import { openTarget } from '../shared/scoring-target.ts';
import type { Replay, ReplayValues } from './run.ts';

/** Scores the records when they are due. */
export async function toScore(
  run: Replay,
  records: AsyncIterable<readonly Due<Recorded>[]>,
  figures: () => object,
  text: () => readonly string[],
): Promise<ExitCode> {
  const { values: asked, runtime, input, checkpoint } = run;
  const values = scoringValues(asked);
  const client = await openTarget(values, runtime.clock);
  const isPaced =
    asked.rate === undefined ? Number.isFinite(asked.speed) : Number.isFinite(asked.rate);
  try {
    return await scoreRun({
      candidates: candidates(records, chosenFeatures(values).of, isPaced),
      isPaced,
      client,
      sinks: await openSinks(values, runtime),
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

/** The flags as the scoring takes them: those that Kinesis has too under the names of `score`. */
function scoringValues(asked: ReplayValues): ScoringValues {
  return {
    ...asked,
    endpointUrl: asked.scoringEndpointUrl,
    connectTimeout: asked.scoringConnectTimeout,
    requestTimeout: asked.scoringRequestTimeout,
    rejects: undefined,
  };
}
