import { featureSource } from '../../engine/feature-source.ts';
import { inlineTruth } from '../../engine/ground-truth.ts';
import { scoreRun } from '../../engine/score-run.ts';
import type { ExitCode } from '../../exit-codes.ts';
import type { Recorded } from '../../files/recorded-transactions.ts';
import { candidates } from '../../scoring/candidates.ts';
import type { ScoringOutcome } from '../../transactions/scoring-outcome.ts';
import type { Due } from '../../transactions/user-record.ts';
import { reportScoring, watched } from '../shared/scoring-report.ts';
import { runSettingsOf, type ScoringValues } from '../shared/scoring-settings.ts';
import { openSinks } from '../shared/scoring-sinks.ts';
import { openTarget } from '../shared/scoring-target.ts';
import type { Replay, ReplayValues } from './run.ts';

/** Scores the records when they are due. */
export async function toScore(
  run: Replay,
  records: AsyncIterable<readonly Due<Recorded>[]>,
  figures: () => object,
  text: () => readonly string[],
): Promise<ExitCode> {
  const { values: asked, runtime, input, checkpoint, guard } = run;
  const values = scoringValues(asked);
  const isPaced =
    asked.rate === undefined ? Number.isFinite(asked.speed) : Number.isFinite(asked.rate);
  const client = await openTarget(values, runtime.clock);
  try {
    const settings = await runSettingsOf(values, isPaced);
    const { clock, random } = runtime;
    const source = candidates(records, featureSource(values).of, isPaced);
    const onOutcomes = (outcomes: readonly ScoringOutcome[]): void =>
      checkpoint?.settle(
        outcomes.map(({ candidate, error }) => ({
          id: candidate.id,
          isAccepted: error === undefined,
        })),
      );
    const dependencies = { clock, random, truth: inlineTruth, onOutcomes };
    const sinks = await openSinks(values, runtime);
    const result = await watched(
      (onStart) => scoreRun(source, client, settings, { ...dependencies, sinks, onStart }),
      asked.limit,
      values,
      guard,
    );
    const title = [`Replayed ${input.paths.join(', ')} to ${client.place}`, ...text()];
    return await reportScoring(result, client, { title, figures: figures() }, values, guard);
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
