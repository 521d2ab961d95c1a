import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { labelsOf } from '../../files/labels.ts';
import type { IpSpace } from '../../geoip/ip-space.ts';
import { type DriveValues, drive } from '../../pipeline-test/driver.ts';
import { PipelineGroundTruth } from '../../pipeline-test/ground-truth.ts';
import { sampleLoad } from '../../pipeline-test/load-sampler.ts';
import { type OfflineModel, offlineModel } from '../../pipeline-test/offline-model.ts';
import {
  openPipeline,
  type Pipeline,
  type PipelineValues,
} from '../../pipeline-test/open-pipeline.ts';
import { emptySession, Session, type SessionSummary } from '../../pipeline-test/session.ts';
import { sessionText } from '../../report/text/pipeline-test-text.ts';
import { span } from '../../text/format.ts';
import { AbortOnThreshold, type GuardValues } from '../shared/abort-on-threshold.ts';
import type { ProgressValues } from '../shared/progress.ts';
import { thresholdOf } from '../shared/scoring-settings.ts';
import {
  openRecordSource,
  plannedCount,
  type RecordSource,
  type RecordSourceValues,
} from '../shared/source.ts';
import { checkThresholds } from '../shared/thresholds.ts';
import { brokenBy, type ReportValues, writeReport } from '../shared/write-report.ts';
import { sessionLive } from './live.ts';
import { sessionProgress } from './progress.ts';

/** Everything that `run` can be told. */
export interface RunValues
  extends PipelineValues,
    RecordSourceValues,
    DriveValues,
    GuardValues,
    ProgressValues,
    ReportValues {
  readonly labels: string | undefined;
  readonly lateAfter: number;
  readonly forgetAfter: number;
  readonly warmUp: number;
  readonly threshold: number | undefined;
  readonly costMissed: number;
  readonly costAlarm: number;
  readonly parity: string;
  readonly live: number | undefined;
  readonly parityTolerance: number;
  readonly ipSpace: IpSpace;
}

/** Source to pipeline and back: put, read the verdicts, correlate, judge. */
export async function run(values: RunValues, runtime: Runtime): Promise<ExitCode> {
  checkTimes(values);
  checkThresholds(values.failIf, emptySession(settingsOf(values)));
  const labels = values.labels === undefined ? undefined : await labelsOf(values.labels);
  const truth = new PipelineGroundTruth(labels, values.input.length === 0);
  const source = await openRecordSource(
    { ...values, s3IdleTimeout: values.requestTimeout },
    runtime,
    {
      tell: truth.tell,
    },
  );
  const offline = await offlineOf(values);
  const pipeline = await openPipeline(values, await thresholdOf(values), runtime);
  const session = new Session(settingsOf(values));
  try {
    const readers = values.partition?.of ?? 1;
    const guard = new AbortOnThreshold(values, runtime);
    guard.watch(() => figuresAfter(session, values.warmUp, runtime.clock.now()));
    const watched = sampleLoad(session, runtime);
    const live = await sessionLive(session, values.live, runtime);
    const shown = sessionProgress(session, plannedCount(values), values, runtime);
    const parts = {
      pipeline,
      source,
      session,
      truth,
      offline,
      readers,
      values,
      runtime: guard.runtime,
    };
    const broken = await drive({ ...parts, begun: watched.begin, isPut: watched.end });
    shown.stop();
    watched.stop();
    guard.end();
    await live?.close();
    // What broke a run before anything was sent says why no label fits.
    if (session.correlation.summary().sent > 0 || !broken) await labels?.tellUnused(runtime);
    return await conclude({ session, pipeline, source, broken }, values, runtime);
  } finally {
    await pipeline.close();
    await source.close();
  }
}

/** Errors: `usage` for transactions that are forgotten before their verdicts count as late. */
function checkTimes({ lateAfter, forgetAfter }: RunValues): void {
  if (forgetAfter >= lateAfter) return;
  const message = `--forget-after is ${span(forgetAfter)} and --late-after is ${span(lateAfter)}: a transaction would be forgotten before its verdict is late. Give --forget-after at least ${span(lateAfter)}.`;
  throw new FraudstreamError('usage', message);
}

/** What a run leaves behind. */
interface Ending {
  readonly session: Session;
  readonly pipeline: Pipeline;
  readonly source: RecordSource;
  readonly broken: { readonly by: unknown } | undefined;
}

async function conclude(
  { session, pipeline, source, broken }: Ending,
  values: RunValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const summary = session.summary(runtime.clock.now(), true);
  let crossed: ExitCode = exitCodes.ok;
  if (!broken || summary.correlation.sent > 0) {
    const { origin, rejected } = source;
    const from = 'seed' in origin ? `a generated world, seed ${origin.seed}` : origin.input;
    const figures = {
      startedAt: new Date(session.startedAt).toISOString(),
      ...(broken && { endedBy: brokenBy(broken.by) }),
      pipeline: { location: pipeline.place },
      source: { ...origin, rejectedLines: rejected() },
      rates: ratesOf(summary, values),
      ...summary,
    };
    const title = `Ran ${pipeline.place} with ${from}`;
    crossed = await writeReport('run', figures, [title, ...sessionText(summary)], values, runtime);
  }
  if (broken) throw broken.by;
  const { missing, undelivered, unscored, rejected } = summary.correlation;
  const isWhole = missing + undelivered + unscored + rejected === 0;
  return strongest(
    isWhole ? exitCodes.ok : exitCodes.undelivered,
    crossed,
    source.rejected() > 0 ? exitCodes.badData : exitCodes.ok,
  );
}

function ratesOf(
  { delivery, generator }: SessionSummary,
  { stages, rate, duration, count }: RunValues,
): object {
  const planned = plannedCount({ stages, rate, duration, count });
  const endMs = stages?.at(-1)?.atMs;
  const isStaged = endMs !== undefined && planned !== undefined;
  const target = isStaged ? (1000 * planned) / endMs : rate;
  return {
    targetPerSecond: Number.isFinite(target) ? target : Number.NaN,
    achievedPerSecond: delivery.recordsPerSecond,
    dropped: 0,
    late: generator.late,
  };
}

function settingsOf(values: RunValues): ConstructorParameters<typeof Session>[0] {
  return {
    lateAfterMs: values.lateAfter,
    forgetAfterMs: values.forgetAfter,
    isOrdered: values.producer.isOrdered,
    warmUpMs: values.warmUp,
    threshold: values.threshold,
    parityTolerance: values.parityTolerance,
    costs: { missedFraud: values.costMissed, falseAlarm: values.costAlarm },
    stages: values.stages,
    isAlone: (values.partition?.of ?? 1) === 1,
    isPaced: values.stages !== undefined || Number.isFinite(values.rate),
  };
}

/** The figures of a session once it is warm. */
function figuresAfter(session: Session, warmUpMs: number, now: number): object | undefined {
  return now >= session.startedAt + warmUpMs ? session.summary(now, true) : undefined;
}

/** The model that the flags want verdicts compared with. */
async function offlineOf(values: RunValues): Promise<OfflineModel | undefined> {
  const { parity, local, ipSpace } = values;
  if (parity === 'none' || (parity === 'auto' && !local)) return undefined;
  return offlineModel(parity === 'auto' || parity === 'shipped' ? undefined : parity, ipSpace);
}
