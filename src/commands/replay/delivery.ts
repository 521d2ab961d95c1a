import { emptyScoring } from '../../engine/score-run.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { Recorded } from '../../files/recorded-transactions.ts';
import { put } from '../../kinesis/producer/put.ts';
import { Delivery, type DeliverySummary } from '../../metrics/delivery.ts';
import { snakeCased } from '../../metrics/snake-case.ts';
import { progress } from '../../report/progress.ts';
import { deliveryText } from '../../report/text/delivery-text.ts';
import { count, span } from '../../text/format.ts';
import type { Due } from '../../transactions/user-record.ts';
import { openStream } from '../shared/open-stream.ts';
import { deliveryProgress } from '../shared/progress.ts';
import { brokenBy, writeReport } from '../shared/write-report.ts';
import type { Replay, ReplayValues } from './run.ts';

type Broken = { readonly by: unknown } | undefined;
type Records = AsyncIterable<readonly Due<Recorded>[]>;
const LINE_FEED = Buffer.from('\n');
const times = { 'event-time': 'event time', arrival: 'arrival' };

/** Delivers the records, and reports. */
export async function deliverTo(
  to: ReplayValues['to'],
  run: Replay,
  records: Records,
): Promise<ExitCode> {
  if (to === 'kinesis') return toStream(run, records);
  if (to === 'stdout') return toStdout(run, records);
  const { toScore } = await import('./to-score.ts');
  return toScore(
    run,
    records,
    () => replayFigures(run),
    () => replayText(run),
  );
}

/** The figures of a replay that never was: the names that limits may speak of. */
export function emptyFigures(to: ReplayValues['to']): object {
  if (to === 'score') return emptyScoring();
  return to === 'kinesis' ? { delivery: new Delivery().summary(0) } : {};
}

/** Puts the records as the KPL does; the report comes even when the run breaks in the middle. */
async function toStream(run: Replay, records: Records): Promise<ExitCode> {
  const { values, runtime, checkpoint, input, guard } = run;
  const { clock, random, stop, out } = runtime;
  const stream = await openStream(values);
  const delivery = new Delivery();
  const shown = deliveryProgress(delivery, values.limit, values, runtime);
  const dependencies = { clock, random, stop, observe: delivery.addRequest.bind(delivery) };
  const startedAt = clock.now();
  guard.watch(() => ({ delivery: delivery.summary((clock.now() - startedAt) / 1000) }));
  let broken: Broken;
  try {
    for await (const receipts of put(records, stream.client, dependencies, values.producer)) {
      delivery.add(receipts);
      checkpoint?.settle(receipts);
      if (values.output === 'ndjson') {
        await out.write(receipts.map((each) => `${JSON.stringify(snakeCased(each))}\n`).join(''));
      }
    }
  } catch (by) {
    broken = { by };
  }
  guard.end();
  shown.stop();
  try {
    await checkpoint?.close(broken === undefined);
  } catch (by) {
    broken ??= { by };
  }
  await stream.close();
  const summary = delivery.summary((clock.now() - startedAt) / 1000);
  let crossed: ExitCode = exitCodes.ok;
  if (!broken || summary.sent > 0) {
    const title = `Replayed ${input.paths.join(', ')} to ${stream.name} (${stream.place})`;
    crossed = await tell(run, title, { startedAt, broken }, summary);
  }
  if (broken) throw broken.by;
  return strongest(delivery.failed === 0 ? exitCodes.ok : exitCodes.undelivered, crossed);
}

async function tell(
  run: Replay,
  title: string,
  { startedAt, broken }: { readonly startedAt: number; readonly broken: Broken },
  delivery: DeliverySummary,
): Promise<ExitCode> {
  const { values, runtime } = run;
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    ...(broken && { endedBy: brokenBy(broken.by) }),
    ...replayFigures(run),
    delivery,
  };
  const text = [title, ...replayText(run), ...deliveryText(delivery)];
  return writeReport('replay', figures, text, values, runtime);
}

/** Writes the records to stdout, one a line; the figures go to stderr. */
async function toStdout(run: Replay, records: Records): Promise<ExitCode> {
  const { values, runtime, checkpoint, input } = run;
  const { clock, out } = runtime;
  const startedAt = clock.now();
  let written = 0;
  const moment = () => ({ done: written, text: `${count(written)} written` });
  const shown = progress(values.progress, values.limit, moment, runtime.err, clock);
  try {
    for await (const group of records) {
      await out.write(Buffer.concat(group.flatMap(({ record }) => [record.data, LINE_FEED])));
      written += group.length;
      checkpoint?.settle(group.map(({ record }) => ({ id: record.id, isAccepted: true })));
    }
  } finally {
    shown.stop();
    await checkpoint?.close(true);
  }
  const durationSeconds = (clock.now() - startedAt) / 1000;
  const figures = { ...replayFigures(run), written, durationSeconds };
  const title = `Replayed ${input.paths.join(', ')} to stdout: ${count(written)} records in ${span(durationSeconds * 1000)}`;
  return writeReport(
    'replay',
    figures,
    [title, ...replayText(run)],
    { ...values, output: 'ndjson' },
    runtime,
  );
}

function replayFigures({ input, disorder, punctuality, checkpoint }: Replay): object {
  const resumed = checkpoint && {
    acknowledgedBefore: checkpoint.resumedAt,
    mayRepeat: checkpoint.mayRepeat,
  };
  const source = { input: input.paths.join(', '), rejectedLines: input.rejected() };
  return { source, ...disorder, ...(resumed && { resumed }), punctuality: punctuality.summary() };
}

/** What is to be said besides the delivery, where there is something. */
function replayText({ input, disorder, punctuality, values }: Replay): readonly string[] {
  const { outOfOrder, late } = disorder;
  const { count: paced, p99Ms, maxMs } = punctuality.summary();
  const bad = input.rejected();
  const hint = values.sort || values.sortWindow !== undefined ? '' : ': --sort puts them in order';
  return [
    ...(paced > 0 ? [`  Timing error     p99 ${span(p99Ms)}, max ${span(maxMs)}`] : []),
    ...(bad > 0 ? [`  ${count(bad)} bad lines of the input were not sent`] : []),
    ...(outOfOrder > 0
      ? [`  ${count(outOfOrder)} records were not in order of ${times[values.by]}${hint}`]
      : []),
    ...(late > 0 ? [`  ${count(late)} records came too late for --sort-window`] : []),
  ];
}
