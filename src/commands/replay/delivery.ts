import type { Runtime } from '../../cli/runtime.ts';
import { emptyScoring } from '../../engine/scoring-figures.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { Replay, replay } from '../../files/replay/replay.ts';
import { Delivery } from '../../metrics/delivery.ts';
import { progress } from '../../report/progress.ts';
import { count } from '../../text/format.ts';
import { AbortOnThreshold } from '../shared/abort-on-threshold.ts';
import { producerOf } from '../shared/flags/producer-flags.ts';
import { type Observers, observed } from '../shared/observed.ts';
import { openStream } from '../shared/open-stream.ts';
import { watchedDelivery } from '../shared/watched-delivery.ts';
import type { ReplayValues } from './flags.ts';
import { printResumed, type ReplayRun, reportDelivery, reportWritten } from './report.ts';

const LINE_FEED = Buffer.from('\n');

/** Delivers the records to the destination of the flags, and reports. */
export async function deliverTo(
  to: ReplayValues['to'],
  run: ReplayRun,
  runtime: Runtime,
): Promise<ExitCode> {
  return observed('replay', run.values, runtime, async (observers, watched) => {
    if (to === 'kinesis') return toStream(run, watched, observers);
    if (to === 'stdout') return toStdout(run, watched, observers);
    const { toScore } = await import('./to-score.ts');
    return toScore(run, watched, observers);
  });
}

/** The figures of a replay without records: the names that `--fail-if` may use. */
export function emptyFigures(to: ReplayValues['to']): object {
  if (to === 'score') return emptyScoring();
  return to === 'kinesis' ? { delivery: new Delivery().summary(0) } : {};
}

/** Puts the records as the KPL does; the report comes even when the run breaks in the middle. */
async function toStream(run: ReplayRun, outer: Runtime, observers: Observers): Promise<ExitCode> {
  const { input, settings, checkpoint, values } = run;
  const guard = new AbortOnThreshold(values, outer);
  const { runtime } = guard;
  const { clock, random, stop } = runtime;
  const stream = await openStream(values, runtime);
  const onReady = () => printResumed(checkpoint, runtime);
  const dependencies = { clock, random, stop, checkpoint, onReady };
  const result = await watchedDelivery(values.count, values, guard, observers, (watch) =>
    replay(
      input,
      stream.client,
      { ...settings, producer: producerOf(values) },
      { ...dependencies, ...watch },
    ),
  );
  await stream.close();
  const code = await reportDelivery(result, stream, run, runtime);
  if (result.failure) throw result.failure.error;
  return strongest(result.delivery.failed === 0 ? exitCodes.ok : exitCodes.undelivered, code);
}

/** Writes the records to stdout, one a line; the figures go to stderr. */
async function toStdout(run: ReplayRun, outer: Runtime, observers: Observers): Promise<ExitCode> {
  const { input, settings, checkpoint, values } = run;
  // The figures of --fail-if do not exist here, so there is nothing to abort on.
  const { clock, stop, out, err } = outer;
  const onReady = () => printResumed(checkpoint, outer);
  const source = new Replay(input, settings, { clock, stop, onReady }, checkpoint);
  const startedAt = clock.now();
  let written = 0;
  const moment = () => ({ done: written, text: `${count(written)} written` });
  const durationOf = (): number => (clock.now() - startedAt) / 1000;
  const figures = () => ({ written, durationSeconds: durationOf() });
  observers.watch({ figures, newMoment: () => moment, total: values.count });
  const shown = progress(values.progress, values.count, moment, err, clock);
  try {
    for await (const group of source.records()) {
      await out.write(Buffer.concat(group.flatMap(({ record }) => [record.data, LINE_FEED])));
      written += group.length;
      checkpoint?.settle(group.map(({ record }) => ({ id: record.id, isAccepted: true })));
    }
  } finally {
    shown.stop();
    await checkpoint?.close(true);
  }
  return reportWritten(figures(), source.figures, run, outer);
}
