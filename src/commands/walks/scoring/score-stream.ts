import { type ExitCode, exitCodes, strongest } from '../../../exit-codes.ts';
import { count } from '../../../reporting/format.ts';
import { OUT_OF_RANGE } from '../../../reporting/intake-text.ts';
import type { ScoreClient } from '../../../scoring/clients/client.ts';
import type { Guard } from '../reports/guard.ts';
import { thresholdOf } from './chosen.ts';
import { Engine, type StreamValues } from './engine.ts';
import { labelsOf } from './labels.ts';
import { scoreRun } from './run.ts';
import { inlineTruth, labelledTruth } from './truth.ts';

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
  guard: Guard,
): Promise<ExitCode> {
  const labels = values.labels === undefined ? undefined : await labelsOf(values.labels);
  const engine = await Engine.open(values, guard.outside, labels?.all() ?? []);
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
      nameOf: ({ ordinal }) => String(engine.cuts.epochOf(ordinal)),
      hear: (outcomes) => {
        for (const { ordinal, error } of outcomes) {
          const epoch = engine.cuts.epochOf(ordinal);
          if (error !== undefined) engine.cuts.owe(epoch);
          // What a broken run could not score is to be scored by the next one.
          if (error === 'aborted') engine.cuts.owe(epoch);
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
    await labels?.tellUnused(guard.outside);
    return strongest(code, engine.unread > 0 ? exitCodes.badData : exitCodes.held);
  } finally {
    await engine.stream.close();
  }
}
