import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { type Labels, labelsOf } from '../../files/labels.ts';
import { plannedCount } from '../../pacing/pace-settings.ts';
import { PipelineGroundTruth } from '../../pipeline-test/ground-truth.ts';
import { type OfflineModel, offlineModel } from '../../pipeline-test/offline-model.ts';
import {
  type PipelineTestResult,
  type PipelineTestSettings,
  runPipeline,
  sessionSettings,
} from '../../pipeline-test/run-pipeline.ts';
import { emptySummary, type Session } from '../../pipeline-test/session.ts';
import type { ProgressMoment } from '../../report/progress.ts';
import { sessionText } from '../../report/text/pipeline-test-text.ts';
import { span } from '../../text/format.ts';
import { AbortOnThreshold } from '../shared/abort-on-threshold.ts';
import { contractOf } from '../shared/contract.ts';
import { producerOf } from '../shared/flags/producer-flags.ts';
import { type Observers, observed } from '../shared/observed.ts';
import { openPipeline } from '../shared/open-pipeline.ts';
import { shownProgress } from '../shared/progress.ts';
import { openRecordSource, paceOf, type RecordSource } from '../shared/source.ts';
import { checkThresholds, thresholdsOf } from '../shared/thresholds.ts';
import { brokenBy, writeReport } from '../shared/write-report.ts';
import type { runFlags } from './flags.ts';
import { momentOf } from './progress.ts';

/** The values of the flags of `run`. */
type RunValues = Values<typeof runFlags>;

/** Drives the pipeline of the flags end to end and reports what it did with each transaction. */
export function run(values: RunValues, runtime: Runtime): Promise<ExitCode> {
  return observed('run', values, runtime, (observers, watched) =>
    runObserved(values, watched, observers),
  );
}

async function runObserved(
  values: RunValues,
  runtime: Runtime,
  observers: Observers,
): Promise<ExitCode> {
  checkTimes(values);
  const contract = await contractOf(values);
  const settings = {
    ...settingsOf(values),
    verdictForm: contract?.verdicts,
    rejectForm: contract?.rejects,
  };
  checkThresholds(thresholdsOf(values), () => emptySummary(sessionSettings(settings)));
  const labels = values.labels === undefined ? undefined : await labelsOf(values.labels);
  const groundTruth = new PipelineGroundTruth({
    labels,
    areOthersGenuine: values.input.length === 0 || labels?.areOthersGenuine === true,
  });
  const source = await openRecordSource(
    { ...values, s3IdleTimeout: values.requestTimeout },
    runtime,
    {
      onFraud: groundTruth.add,
      needsTransactions: await parityOf(values),
    },
  );
  const model = await offlineModelOf(values);
  const pipeline = await openPipeline(values, runtime, contract);
  try {
    const result = await withProgress(values, runtime, observers, (watching) =>
      runPipeline(
        source.groups,
        pipeline,
        { ...settings, groundTruth, offlineModel: model },
        watching,
      ),
    );
    await reportUnusedLabels(labels, result, runtime);
    return await report(result, pipeline, source, values, runtime);
  } finally {
    await pipeline.close();
    await source.close();
  }
}

/** What needs whole transactions: they are read back from a form that is not ours. */
async function parityOf({ parity, local, contract }: RunValues): Promise<string | undefined> {
  if (contract === undefined || parity === 'none' || (parity === 'auto' && !local))
    return undefined;
  return '--parity';
}

/** Errors: `usage` for transactions that are forgotten before their verdicts count as late. */
function checkTimes({ lateAfter, forgetAfter }: RunValues): void {
  if (forgetAfter >= lateAfter) return;
  const message = `--forget-after is ${span(forgetAfter)} and --late-after is ${span(lateAfter)}: a transaction would be forgotten before its verdict is late. Give --forget-after at least ${span(lateAfter)}.`;
  throw new FraudstreamError('usage', message);
}

/** The flags as the pipeline test takes them. */
export function settingsOf(values: RunValues): PipelineTestSettings {
  return {
    pace: paceOf(values),
    producer: producerOf(values),
    warmUpMs: values.warmUp,
    lateAfterMs: values.lateAfter,
    drainMs: values.drain,
    listenOnMs: values.listenOn,
    forgetAfterMs: values.forgetAfter,
    threshold: values.threshold,
    costs: { missedFraud: values.costMissed, falseAlarm: values.costAlarm },
    parityTolerance: values.parityTolerance,
    drivers: values.partition?.of ?? 1,
  };
}

/** The model that the flags want verdicts compared with. */
async function offlineModelOf({
  parity,
  local,
  ipSpace,
  model,
}: RunValues): Promise<OfflineModel | undefined> {
  if (parity === 'none' || (parity === 'auto' && !local)) return undefined;
  if (parity === 'auto') return offlineModel(model, ipSpace, '--model');
  return offlineModel(parity === 'shipped' ? undefined : parity, ipSpace);
}

type ObservedRuntime = Runtime & { readonly onSession: (session: Session) => Promise<void> };

/** Runs with progress on stderr, the live page, and an end by `--abort-on-fail`. */
async function withProgress<Result>(
  values: RunValues,
  runtime: Runtime,
  observers: Observers,
  run: (watching: ObservedRuntime) => Promise<Result>,
): Promise<Result> {
  const guard = new AbortOnThreshold(values, runtime);
  const closing: (() => void | Promise<void>)[] = [() => guard.end()];
  const { clock } = runtime;
  const onSession = async (session: Session): Promise<void> => {
    const isWarm = (now: number): boolean => now >= session.startedAt + values.warmUp;
    guard.watch(() => (isWarm(clock.now()) ? session.summary(clock.now()) : undefined));
    const total = plannedCount(paceOf(values));
    const newMoment = (): ProgressMoment => momentOf(session, clock);
    observers.watch({ figures: () => session.summary(clock.now()), newMoment, total });
    const progress = shownProgress(newMoment(), total, values, runtime);
    closing.push(() => progress.stop());
  };
  try {
    return await run({ ...guard.runtime, onSession });
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** What broke a run before anything was sent says why no label fits. */
async function reportUnusedLabels(
  labels: Labels | undefined,
  { report: { correlation }, failure }: PipelineTestResult,
  runtime: Runtime,
): Promise<void> {
  if (correlation.sent > 0 || !failure) await labels?.printNotes(runtime);
}

/** Writes the report. Errors: what broke the run, after the report. */
async function report(
  { startedAt, report: summary, failure }: PipelineTestResult,
  { place }: { readonly place: string },
  { origin, rejected, figures: read }: RecordSource,
  values: RunValues,
  runtime: Runtime,
): Promise<ExitCode> {
  let code: ExitCode = exitCodes.ok;
  if (!failure || summary.correlation.sent > 0) {
    const { rates, ...figures } = summary;
    const from = 'seed' in origin ? `a generated world, seed ${origin.seed}` : origin.input;
    const document = {
      startedAt: new Date(startedAt).toISOString(),
      ...(failure && { endedBy: brokenBy(failure.error) }),
      pipeline: { location: place },
      source: { ...origin, ...read() },
      rates,
      ...figures,
    };
    const text = [`Ran ${place} with ${from}`, ...sessionText(summary)];
    code = await writeReport('run', document, text, values, runtime);
  }
  if (failure) throw failure.error;
  const { missing, undelivered, unscored, rejected: rejects } = summary.correlation;
  // What a pipeline that sends alerts only does not say is not missing.
  const isComplete = (missing || 0) + undelivered + unscored + rejects === 0;
  return strongest(
    isComplete ? exitCodes.ok : exitCodes.undelivered,
    code,
    rejected() > 0 ? exitCodes.badData : exitCodes.ok,
  );
}
