import { endpointTarget } from '../../capacity/endpoint-target.ts';
import {
  findCapacity,
  type SearchResult,
  type SearchSettings,
  searchFigures,
} from '../../capacity/find-capacity.ts';
import { type PipelineSearchSettings, pipelineTarget } from '../../capacity/pipeline-target.ts';
import type { SearchTarget } from '../../capacity/search-target.ts';
import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import { featureSource } from '../../engine/feature-source.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { REQUIRE } from '../../metrics/thresholds.ts';
import { PipelineGroundTruth } from '../../pipeline-test/ground-truth.ts';
import { searchText, trialText } from '../../report/text/search-text.ts';
import type { ScoreSettings } from '../../scoring/score-settings.ts';
import { count } from '../../text/format.ts';
import { contractOf } from '../shared/contract.ts';
import { producerOf } from '../shared/flags/producer-flags.ts';
import { type Observers, observed } from '../shared/observed.ts';
import { openPipeline } from '../shared/open-pipeline.ts';
import { checkFeatures, formOf, knownModel, settingsOf } from '../shared/scoring-settings.ts';
import { openTarget } from '../shared/scoring-target.ts';
import { openRecordSource, PACED_GROUP_SIZE } from '../shared/source.ts';
import { checkThresholds, thresholdsOf } from '../shared/thresholds.ts';
import { brokenBy, writeReport } from '../shared/write-report.ts';
import type { searchFlags } from './flags.ts';

/** The values of the flags of `search`. */
export type SearchValues = Values<typeof searchFlags>;

/** Finds the capacity of the endpoint or pipeline of the flags, and reports it. */
export function search(values: SearchValues, runtime: Runtime): Promise<ExitCode> {
  return observed('search', values, runtime, (observers, watched) =>
    searchObserved(values, watched, observers),
  );
}

async function searchObserved(
  values: SearchValues,
  runtime: Runtime,
  observers: Observers,
): Promise<ExitCode> {
  const { target, close } = await openSearchTarget(values, runtime);
  const startedAt = runtime.clock.now();
  let result: SearchResult;
  try {
    result = await searchTarget(target, values, runtime, observers);
  } finally {
    await close();
  }
  return reportSearch(target, result, startedAt, values, runtime);
}

/** Searches with the settings of the flags; each rate is printed when it was tried. */
export async function searchTarget(
  target: SearchTarget,
  values: SearchValues,
  { stop, err }: Pick<Runtime, 'stop' | 'err'>,
  observers: Observers,
): Promise<SearchResult> {
  let tried = 0;
  let last = '';
  observers.watch({
    figures: () => ({ target: target.name, series: target.series.summary() }),
    newMoment: () => () => ({ done: tried, text: `${count(tried)} rates tried${last}` }),
    total: undefined,
  });
  checkThresholds(thresholdsOf(values), () => searchFigures(target));
  return findCapacity(target, searchSettings(values), {
    stop,
    onTrial: (trial) => {
      tried += 1;
      last = `, the last one: ${trialText(trial)}`;
      return err.print(trialText(trial));
    },
  });
}

/** The flags as the search takes them. */
export function searchSettings(values: SearchValues): SearchSettings {
  return {
    from: values.fromRate,
    to: values.toRate,
    precision: values.precision,
    stepBy: values.stepBy,
    stepMs: values.step,
    warmUpMs: values.settle,
    repeat: values.repeat,
    goodMs: values.goodWithin,
    conditions: thresholdsOf(values),
  };
}

/** Writes the report of a search that is over. Errors: what broke the search, after the report. */
export async function reportSearch(
  { name, series }: Pick<SearchTarget, 'name' | 'series'>,
  { summary, conditions: all, failure }: SearchResult,
  startedAt: number,
  { precision, repeat, output, report }: SearchValues,
  runtime: Runtime,
): Promise<ExitCode> {
  // An error before the first answer is all there is to say.
  if (failure && summary.trials.length === 0) throw failure.error;
  const conditions = all.map(({ condition }) => condition);
  const figures = {
    startedAt: new Date(startedAt).toISOString(),
    durationSeconds: (runtime.clock.now() - startedAt) / 1000,
    ...(failure && { endedBy: brokenBy(failure.error) }),
    target: name,
    ...{ precision, repeat, conditions, search: summary },
    series: series.summary(),
  };
  const until = conditions.map((condition) => condition.replace(REQUIRE, 'not '));
  const title = `Searched the capacity of ${name}: until ${until.join(', or ')}`;
  const text = [title, ...searchText(summary)];
  const code = await writeReport('search', figures, text, { output, report }, runtime);
  if (failure) throw failure.error;
  const isUnfound = summary.capacityPerSecond === undefined && !summary.isStopped;
  const hasFailed = isUnfound || summary.endReason !== undefined;
  return strongest(hasFailed ? exitCodes.thresholdCrossed : exitCodes.ok, code);
}

/** A target that is open, and what closes all that it needs. */
interface OpenTarget {
  readonly target: SearchTarget;
  close(): Promise<void>;
}

/** A pipeline is searched with `--through pipeline`, or by whatever names one. */
function openSearchTarget(values: SearchValues, runtime: Runtime): Promise<OpenTarget> {
  const isNamed = values.stream !== undefined || values.stack !== undefined;
  const through = values.through ?? (isNamed ? 'pipeline' : 'endpoint');
  return through === 'pipeline'
    ? openPipelineTarget(values, runtime)
    : openEndpoint(values, runtime);
}

async function openEndpoint(values: SearchValues, runtime: Runtime): Promise<OpenTarget> {
  checkFeatures(values);
  const model = await knownModel(values);
  const client = await openTarget(values, runtime);
  const features = featureSource(values);
  const { expect: onFraud } = features;
  const listeners = {
    onFraud,
    given: values.features === 'given' ? { names: model?.featureNames } : undefined,
    groupSize: PACED_GROUP_SIZE,
    needsTransactions: 'search through an endpoint',
  };
  const source = await openRecordSource(values, runtime, listeners);
  return {
    target: endpointTarget(
      source.groups,
      client,
      { scoring: scoringSettings(values), form: formOf(values), featuresOf: features.of },
      runtime,
    ),
    close: async () => {
      await source.close();
      await client.close();
    },
  };
}

/** The flags as the scoring takes them: `ordered` has a default of its own. */
export function scoringSettings(values: SearchValues): ScoreSettings {
  return settingsOf({ ...values, ordered: values.scoringOrdered }, true);
}

/** The flags of the streams under the names that they have in `run`. */
export function streamValues(values: SearchValues) {
  return {
    ...values,
    stream: values.pipelineStream,
    requestTimeout: values.streamRequestTimeout,
    connectTimeout: values.streamConnectTimeout,
  };
}

/** The flags as the pipeline test takes them. */
export function pipelineSettings(values: SearchValues): PipelineSearchSettings {
  return {
    producer: producerOf(values),
    lateAfterMs: values.lateAfter,
    drainMs: values.drain,
    listenOnMs: values.listenOn,
    forgetAfterMs: Number.POSITIVE_INFINITY,
    threshold: values.threshold,
    costs: { missedFraud: values.costMissed, falseAlarm: values.costAlarm },
    parityTolerance: 0,
    drivers: 1,
  };
}

async function openPipelineTarget(values: SearchValues, runtime: Runtime): Promise<OpenTarget> {
  const contract = await contractOf(values);
  const groundTruth = new PipelineGroundTruth({ areOthersGenuine: values.input.length === 0 });
  const streams = streamValues(values);
  const source = await openRecordSource(
    { ...streams, s3IdleTimeout: streams.requestTimeout },
    runtime,
    { onFraud: groundTruth.add },
  );
  const pipeline = await openPipeline(streams, runtime, contract);
  const forms = { verdictForm: contract?.verdicts, rejectForm: contract?.rejects };
  const settings = { ...pipelineSettings(values), ...forms, groundTruth };
  return {
    target: pipelineTarget(source.groups, { ...pipeline, name: pipeline.place }, settings, runtime),
    close: async () => {
      await pipeline.close();
      await source.close();
    },
  };
}
