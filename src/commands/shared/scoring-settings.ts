import type { Values } from '../../cli/settings/define-setting.ts';
import type { FeatureSettings } from '../../engine/feature-source.ts';
import type { ScoreRunSettings } from '../../engine/score-run.ts';
import { FraudstreamError } from '../../errors.ts';
import { computedDifference } from '../../features/manifest.ts';
import type { Model } from '../../model/model.ts';
import {
  isSingle,
  requestBody,
  type ScoreForm,
  scoreForm,
} from '../../scoring/request/request-body.ts';
import type { ScoreSettings } from '../../scoring/score-settings.ts';
import type { asyncSettings, formSettings, judgeSettings } from './flags/score-flags.ts';
import type { ReportFlags } from './scoring-report.ts';
import type { SinkFlags } from './scoring-sinks.ts';
import type { TargetValues } from './scoring-target.ts';

type FormValues = Values<typeof formSettings>;
type AsyncValues = Values<typeof asyncSettings>;
type JudgeValues = Values<typeof judgeSettings>;

/** The flags of a scoring, wherever its transactions come from. */
export type ScoringValues = TargetValues &
  FormValues &
  AsyncValues &
  JudgeValues &
  SinkFlags &
  ReportFlags &
  Pick<FeatureSettings, 'ipSpace'> & { readonly warmUp: number };

/** The flags as `score` takes them. */
export function settingsOf(values: AsyncValues, isPaced: boolean): ScoreSettings {
  return {
    capacity: values.capacity,
    concurrency: values.concurrencyLimit,
    timeoutMs: values.timeout,
    requestTimeoutMs: values.requestTimeout,
    isOrdered: values.ordered,
    batchRows: values.batchRows,
    batchBytes: values.batchBytes,
    lingerMs: values.linger,
    dropAfterMs: values.dropAfter ?? Number.POSITIVE_INFINITY,
    isPaced,
  };
}

/**
 * How requests are written and answers read.
 *
 * Errors: `usage` for forms that contradict each other.
 */
export function formOf(values: FormValues & Pick<AsyncValues, 'batchRows'>): ScoreForm {
  const { features, contentType, accept, bodyTemplate, scorePointer, batchRows } = values;
  const isText = contentType === 'text/csv' || contentType === 'text/libsvm';
  if (features === 'raw' && isText) {
    const message = `--features raw sends transactions, which ${contentType} cannot hold. Add --content-type application/json or application/jsonlines.`;
    throw new FraudstreamError('usage', message);
  }
  if (batchRows > 1 && bodyTemplate !== undefined && isSingle(bodyTemplate)) {
    const message = `--body-template holds one transaction, but --batch-rows is ${batchRows}. Write "$rows" or "$transactions" there, or give --batch-rows 1.`;
    throw new FraudstreamError('usage', message);
  }
  const template =
    bodyTemplate ?? (features === 'raw' ? '{"transactions":"$transactions"}' : undefined);
  const isJson = contentType === 'application/json';
  return scoreForm(
    requestBody(contentType, accept, isJson ? template : bodyTemplate),
    scorePointer,
  );
}

/** The flags as the engine takes them; `model` is the one that scores, where it is known. Errors: those of `formOf`. */
export function runSettingsOf(
  values: FormValues & AsyncValues & JudgeValues & Pick<ScoringValues, 'warmUp'>,
  isPaced: boolean,
  model: Model | undefined,
): ScoreRunSettings {
  const { withFeatures, costMissed, costAlarm, warmUp } = values;
  const threshold = values.threshold ?? model?.threshold ?? DEFAULT_THRESHOLD;
  const modelVersion = values.modelVersion ?? model?.version;
  return {
    scoring: settingsOf(values, isPaced),
    form: formOf(values),
    verdict: { threshold, modelVersion, withFeatures },
    costs: { missedFraud: costMissed, falseAlarm: costAlarm },
    warmUpMs: warmUp,
  };
}

/** Errors: `usage` for features that are given, of transactions that are generated. */
export function checkFeatures({
  features,
  input,
  fromStream,
}: Pick<FeatureSettings, 'features'> & {
  readonly input: readonly string[];
  readonly fromStream?: string | undefined;
}): void {
  if (features !== 'given' || input.length > 0 || fromStream !== undefined) return;
  const message =
    '--features given takes features from each line, and generated transactions bring none. Give --input or --from-stream, or leave --features out.';
  throw new FraudstreamError('usage', message);
}

/** Where no threshold is given and the model is not known. */
const DEFAULT_THRESHOLD = 0.5;

/**
 * The model that scores, where it is known: that of `--model`, or the shipped one of `--local`.
 *
 * Errors: `no-input` and `bad-data` of its file; `bad-data` where it was not trained on the features that are computed.
 */
export async function knownModel({
  local,
  model: path,
  features,
}: Pick<TargetValues, 'local' | 'model'> & Pick<FeatureSettings, 'features'>): Promise<
  Model | undefined
> {
  if (!local && path === undefined) return undefined;
  const { loadModel } = await import('../../model/model.ts');
  const { modelBytes } = await import('../../model/shipped-model.ts');
  const model = loadModel(modelBytes(path));
  const difference = features === 'computed' ? computedDifference(model) : undefined;
  if (difference === undefined) return model;
  const advice =
    'Train it on what this version of fraudstream features writes, or give --features given.';
  throw new FraudstreamError('bad-data', `--model ${path}: ${difference}. ${advice}`);
}

/** Prints which threshold judges, where neither a flag nor a model says it. */
export async function noteThreshold(
  { threshold }: Pick<JudgeValues, 'threshold'>,
  model: Model | undefined,
  { err }: { readonly err: { print(...lines: readonly string[]): Promise<void> } },
): Promise<void> {
  if (threshold !== undefined || model !== undefined) return;
  const advice = 'Give --threshold, or --model with the file of the model that the endpoint has.';
  await err.print(`The threshold is ${DEFAULT_THRESHOLD}, for the model is not known. ${advice}`);
}
