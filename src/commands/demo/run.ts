import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { computedDifference } from '../../features/manifest.ts';
import { userRecords } from '../../generators/user-records.ts';
import { Reconciliation, type ReconciliationSummary } from '../../metrics/consume-stats.ts';
import { Delivery, type DeliverySummary } from '../../metrics/delivery.ts';
import {
  LoadGeneratorHealth,
  type LoadGeneratorSummary,
} from '../../metrics/load-generator-health.ts';
import { TimeSeries } from '../../metrics/time-series.ts';
import { loadModel } from '../../model/model.ts';
import { modelBytes } from '../../model/shipped-model.ts';
import { paced, ready } from '../../pacing/pace-settings.ts';
import type { EngineResult } from '../../pipeline-test/engine-thread.ts';
import {
  type OwnEngine,
  ownEngine,
  startLocalPipeline,
} from '../../pipeline-test/local-pipeline.ts';
import type { ProgressMoment } from '../../report/progress.ts';
import { deliveryText, reconciliationText } from '../../report/text/delivery-text.ts';
import { loadGeneratorText } from '../../report/text/pipeline-test-text.ts';
import { qualityText, suspectsText } from '../../report/text/scoring-text.ts';
import { count, perSecond, span } from '../../text/format.ts';
import type { Label } from '../../transactions/label.ts';
import { type Observers, observed } from '../shared/observed.ts';
import { embeddedPlace } from '../shared/open-pipeline.ts';
import { deliveryMoment, shownProgress } from '../shared/progress.ts';
import { madeWorld } from '../shared/world.ts';
import { writeReport } from '../shared/write-report.ts';
import type { demoFlags } from './flags.ts';
import { roundTrip } from './round-trip.ts';
import { VerdictSummary } from './verdict-summary.ts';

/** The values of the flags of `demo`. */
type DemoValues = Values<typeof demoFlags>;

/** Runs a whole pipeline on this machine: put, score, read the verdicts, judge, report. */
export function demo(values: DemoValues, runtime: Runtime): Promise<ExitCode> {
  return observed('demo', values, runtime, (observers, watched) =>
    demoObserved(values, watched, observers),
  );
}

async function demoObserved(
  values: DemoValues,
  runtime: Runtime,
  observers: Observers,
): Promise<ExitCode> {
  const { made, seed } = await madeWorld(values, runtime);
  const bytes = modelBytes(values.model);
  const model = loadModel(bytes);
  const difference = computedDifference(model);
  if (difference) throw new FraudstreamError('bad-data', `--model ${values.model}: ${difference}.`);
  const { shards, fault: faults, ipSpace } = values;
  const { threshold, version: modelVersion } = model;
  const engine = ownEngine({ threshold, modelVersion, ipSpace });
  const pipeline = await startLocalPipeline(engine, { shards, faults, model: bytes });
  const delivery = new Delivery();
  const series = new TimeSeries('due to receipt');
  const reconciliation = new Reconciliation();
  const judgement = new VerdictSummary(model);
  const story = storyOf(values, seed);
  await runtime.err.print(story);
  const newMoment = (): ProgressMoment => deliveryMoment(delivery, runtime.clock);
  const shown = shownProgress(newMoment(), values.count, values, runtime);
  const pace = { perSecond: values.rate, count: values.count };
  const frauds: Label[] = [];
  const onFraud = (fraud: Label): void => {
    judgement.add(fraud);
    frauds.push(fraud);
  };
  const records = await ready(learnt(userRecords(made, onFraud), frauds, pipeline.engine), pace);
  const startedAt = runtime.clock.now();
  const secondsSoFar = (): number => (runtime.clock.now() - startedAt) / 1000;
  const deliveredSoFar = () => ({
    delivery: delivery.summary(secondsSoFar()),
    series: series.summary(),
    reconciliation: reconciliation.summary(),
  });
  observers.watch({ figures: deliveredSoFar, newMoment, total: values.count });
  const isPaced = Number.isFinite(values.rate);
  const generator = new LoadGeneratorHealth(isPaced);
  const finish = (): Promise<EngineResult> => pipeline.engine.finish();
  const trip = {
    ...pipeline,
    delivery,
    series,
    reconciliation,
    generator,
    finish,
    onVerdicts: judgement.onVerdicts,
  };
  const scored = await roundTrip(paced(records, pace, runtime), trip, runtime).finally(async () => {
    shown.stop();
    await pipeline.close();
  });
  for (const id of reconciliation.missing()) judgement.unjudged(id);
  const found = {
    ...deliveredSoFar(),
    engine: engineFigures(scored),
    ...(isPaced && { generator: generator.summary() }),
    ...judgement.summary(),
  };
  const text = [story, ...textOf(found)];
  const saved = await writeReport('demo', { seed, ...found }, text, values, runtime);
  const { missing, unknown } = found.reconciliation;
  const isComplete = found.delivery.failed === 0 && missing === 0 && unknown === 0;
  return strongest(isComplete ? exitCodes.ok : exitCodes.undelivered, saved);
}

/** The same groups, the labels of their frauds given to the engine before they leave. */
async function* learnt<T>(
  groups: Iterable<readonly T[]>,
  frauds: Label[],
  engine: OwnEngine,
): AsyncGenerator<readonly T[], void, undefined> {
  for (const group of groups) {
    if (frauds.length > 0) await engine.learn(frauds.splice(0));
    yield group;
  }
}

function storyOf({ count: most, rate, shards }: DemoValues, seed: number): string {
  const pace = Number.isFinite(rate) ? `at ${perSecond(rate)}` : 'as fast as they go';
  return `${count(most)} transactions (seed ${seed}) ${pace} through an ${embeddedPlace({ shards })}, an engine and a scoring endpoint`;
}

interface Found extends ReturnType<VerdictSummary['summary']> {
  readonly delivery: DeliverySummary;
  readonly reconciliation: ReconciliationSummary;
  readonly engine: ReturnType<typeof engineFigures>;
  readonly generator?: LoadGeneratorSummary;
}

function textOf(found: Found): readonly string[] {
  const { delivery, reconciliation, engine, generator, suspects } = found;
  return [
    ...deliveryText(delivery),
    '',
    ...reconciliationText(reconciliation),
    ...engineText(engine),
    ...(generator ? loadGeneratorText(generator) : []),
    '',
    ...qualityText(found.quality, found.qualityOfScored),
    '',
    ...suspectsText(suspects),
  ];
}

/** What the report says of the engine: what `score` would. */
function engineFigures({ startedAt, endpoint, stream, ...result }: EngineResult) {
  const { scoring, unread, outOfRange, undelivered } = result;
  return {
    startedAt: new Date(startedAt).toISOString(),
    endpoint: { location: endpoint, transport: 'fast' },
    source: { stream, unreadRecords: unread, outOfRangeRecords: outOfRange },
    scoring,
    ...(undelivered > 0 && { undeliveredVerdicts: undelivered }),
  };
}

function engineText({ scoring }: Found['engine']): readonly string[] {
  const { scored, failed, unscored, requests, retries, service } = scoring;
  const lost = failed + unscored;
  return [
    `  ${'Engine'.padEnd(16)} ${count(scored)} scored, ${count(lost)} not, in ${count(requests)} requests (${count(retries)} retries)`,
    `  ${''.padEnd(16)} endpoint answered in ${span(service.p50Ms)} p50, ${span(service.p99Ms)} p99`,
  ];
}
