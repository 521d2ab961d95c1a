import type { Runtime } from '../../cli/runtime.ts';
import { featureSource } from '../../engine/feature-source.ts';
import { inlineTruth } from '../../engine/ground-truth.ts';
import { scoreRun } from '../../engine/score-run.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { Replay } from '../../files/replay/replay.ts';
import { candidates } from '../../scoring/candidates.ts';
import type { ScoringOutcome } from '../../transactions/scoring-outcome.ts';
import { AbortOnThreshold } from '../shared/abort-on-threshold.ts';
import { checkTransactions, contractOf } from '../shared/contract.ts';
import type { Observers } from '../shared/observed.ts';
import { reportScoring, watched } from '../shared/scoring-report.ts';
import {
  knownModel,
  noteThreshold,
  runSettingsOf,
  type ScoringValues,
} from '../shared/scoring-settings.ts';
import { openSinks } from '../shared/scoring-sinks.ts';
import { openTarget } from '../shared/scoring-target.ts';
import type { ReplayValues } from './flags.ts';
import { printResumed, type ReplayRun, replayFigures, replayText } from './report.ts';

/** Scores the records when they are due, and reports. */
export async function toScore(
  run: ReplayRun,
  outer: Runtime,
  observers: Observers,
): Promise<ExitCode> {
  const { values: asked, input, settings: replaySettings, checkpoint } = run;
  const contract = await contractOf(asked);
  checkTransactions(contract?.transactions, '--to score');
  const guard = new AbortOnThreshold(asked, outer);
  const { runtime } = guard;
  const { clock, random, stop } = runtime;
  const values = scoringValues(asked);
  const onReady = () => printResumed(checkpoint, runtime);
  const source = new Replay(input, replaySettings, { clock, stop, onReady }, checkpoint);
  const { isPaced } = source;
  const model = await knownModel(values);
  const client = await openTarget(values, runtime);
  try {
    await noteThreshold(values, model, runtime);
    const settings = runSettingsOf(values, isPaced, model);
    const records = candidates(source.records(), featureSource(values).of, isPaced);
    const onOutcomes = (outcomes: readonly ScoringOutcome[]): void =>
      checkpoint?.settle(
        outcomes.map(({ candidate, error }) => ({
          id: candidate.id,
          isAccepted: error === undefined,
        })),
      );
    const dependencies = { clock, random, truth: inlineTruth, onOutcomes };
    const sinks = await openSinks(values, runtime, contract);
    const result = await watched(
      (onStart) => scoreRun(records, client, settings, { ...dependencies, sinks, onStart }),
      asked.count,
      values,
      guard,
      observers,
    );
    const { figures } = source;
    const title = [
      `Replayed ${input.paths.join(', ')} to ${client.place}`,
      ...replayText(figures, run),
    ];
    const described = { title, figures: replayFigures(figures, run) };
    return await reportScoring(result, client, described, values, guard);
  } finally {
    await checkpoint?.close(true);
    await client.close();
  }
}

/** The flags as the scoring takes them: those that Kinesis has too under the names of `score`. */
function scoringValues(asked: ReplayValues): ScoringValues {
  return {
    ...asked,
    connectTimeout: asked.scoringConnectTimeout,
    requestTimeout: asked.scoringRequestTimeout,
    rejects: undefined,
  };
}
