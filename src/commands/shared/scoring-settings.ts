import type { Values } from '../../cli/settings/define-setting.ts';
import type { FeatureSettings } from '../../engine/feature-source.ts';
import type { ScoreRunSettings } from '../../engine/score-run.ts';
import { FraudstreamError } from '../../errors.ts';
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

/** The flags as the engine takes them. Errors: those of `formOf`. */
export async function runSettingsOf(
  values: FormValues & AsyncValues & JudgeValues & Pick<ScoringValues, 'warmUp' | 'local'>,
  isPaced: boolean,
): Promise<ScoreRunSettings> {
  const { modelVersion, withFeatures, costMissed, costAlarm, warmUp } = values;
  const threshold = await thresholdOf(values);
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

/** The threshold of verdicts: the one given, else that of the model on this machine. */
export async function thresholdOf(
  values: Pick<ScoringValues, 'threshold' | 'local'>,
): Promise<number> {
  if (values.threshold !== undefined) return values.threshold;
  if (!values.local) return DEFAULT_THRESHOLD;
  const { loadModel } = await import('../../model/model.ts');
  const { modelBytes } = await import('../../model/shipped-model.ts');
  return loadModel(modelBytes()).threshold;
}
