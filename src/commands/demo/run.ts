import type { Runtime } from '../../cli/runtime.ts';
import { type EngineReport, openLocalPipeline, ownEngine } from '../../emulators/local-pipeline.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { userRecords } from '../../generators/user-records.ts';
import { Reconciliation, type ReconciliationSummary } from '../../metrics/consume-stats.ts';
import { Delivery, type DeliverySummary } from '../../metrics/delivery.ts';
import {
  LoadGeneratorHealth,
  type LoadGeneratorSummary,
} from '../../metrics/load-generator-health.ts';
import { loadModel } from '../../model/model.ts';
import { modelBytes } from '../../model/shipped-model.ts';
import { deliveryText, reconciliationText } from '../../report/text/delivery-text.ts';
import { loadGeneratorText } from '../../report/text/pipeline-test-text.ts';
import { qualityText, suspectsText } from '../../report/text/scoring-text.ts';
import { count, perSecond, span } from '../../text/format.ts';
import type { StreamValues } from '../shared/open-stream.ts';
import { deliveryProgress, type ProgressValues } from '../shared/progress.ts';
import { paced, ready } from '../shared/source.ts';
import { madeWorld, type WorldValues } from '../shared/world.ts';
import { type ReportValues, writeReport } from '../shared/write-report.ts';
import { roundTrip } from './round-trip.ts';
import { VerdictSummary } from './verdict-summary.ts';

/** Everything that `demo` can be told. */
export interface DemoValues
  extends Pick<StreamValues, 'shards' | 'fault'>,
    WorldValues,
    ProgressValues,
    ReportValues {
  readonly rate: number;
  readonly count: number;
}

/** The whole story on one machine: put to a stream, scored by an engine, verdicts read and judged. */
export async function demo(values: DemoValues, runtime: Runtime): Promise<ExitCode> {
  const { made, seed } = await madeWorld(values, runtime);
  const model = loadModel(modelBytes());
  const pipeline = await openLocalPipeline(settingsOf(values, model.threshold));
  const delivery = new Delivery();
  const reconciliation = new Reconciliation();
  const judgement = new VerdictSummary(model);
  const story = storyOf(values, seed, pipeline.place);
  await runtime.err.print(story);
  const shown = deliveryProgress(delivery, values.count, values, runtime);
  const pace = { ...values, stages: undefined, duration: undefined };
  const records = await ready(
    userRecords(made, (fraud) => judgement.tell(fraud)),
    pace,
  );
  const startedAt = runtime.clock.now();
  const isPaced = Number.isFinite(values.rate);
  const generator = new LoadGeneratorHealth(isPaced);
  const finish = (): Promise<EngineReport> => pipeline.engine.finish();
  const trip = {
    ...pipeline,
    delivery,
    reconciliation,
    generator,
    finish,
    onVerdicts: judgement.onVerdicts,
  };
  const engine = await roundTrip(paced(records, pace, runtime), trip, runtime).finally(async () => {
    shown.stop();
    await pipeline.close();
  });
  for (const id of reconciliation.missing()) judgement.unjudged(id);
  const seconds = (runtime.clock.now() - startedAt) / 1000;
  const found = {
    delivery: delivery.summary(seconds),
    reconciliation: reconciliation.summary(),
    engine,
    ...(isPaced && { generator: generator.summary() }),
    ...judgement.summary(),
  };
  const text = [story, ...textOf(found)];
  const saved = await writeReport('demo', { seed, ...found }, text, values, runtime);
  const { missing, unknown } = found.reconciliation;
  const isHeld = found.delivery.failed === 0 && missing === 0 && unknown === 0;
  return strongest(isHeld ? exitCodes.ok : exitCodes.undelivered, saved);
}

function storyOf({ count: most, rate }: DemoValues, seed: number, place: string): string {
  const pace = Number.isFinite(rate) ? `at ${perSecond(rate)}` : 'as fast as they go';
  return `${count(most)} transactions (seed ${seed}) ${pace} through an ${place}, an engine and a scoring endpoint`;
}

interface Found extends ReturnType<VerdictSummary['summary']> {
  readonly delivery: DeliverySummary;
  readonly reconciliation: ReconciliationSummary;
  readonly engine: EngineReport;
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

function settingsOf({ shards, fault }: DemoValues, threshold: number) {
  const engine = ['--with-features', '--threshold', String(threshold), '--batch-rows', '16'];
  return { shards, faults: fault, endpointFaults: [], start: ownEngine(engine) };
}

function engineText({ scoring }: EngineReport): readonly string[] {
  const { scored, failed, unscored, requests, retries, service } = scoring;
  const lost = failed + unscored;
  return [
    `  ${'Engine'.padEnd(16)} ${count(scored)} scored, ${count(lost)} not, in ${count(requests)} requests (${count(retries)} retries)`,
    `  ${''.padEnd(16)} endpoint answered in ${span(service.p50_ms)} p50, ${span(service.p99_ms)} p99`,
  ];
}
