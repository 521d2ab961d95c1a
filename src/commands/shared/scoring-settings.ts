import type { FeatureOrder } from '../../engine/read-order.ts';
import type { SinkValues } from '../../engine/sinks.ts';
import { FraudstreamError } from '../../errors.ts';
import { LabelledFeatures } from '../../features/labelled-features.ts';
import { type RowFault, shown } from '../../files/reading/row.ts';
import type { InputSettings } from '../../files/recorded-transactions.ts';
import { ipRanges } from '../../geoip/ip-ranges.ts';
import type { From } from '../../kinesis/consumer/checkpoint.ts';
import {
  computedFeatures,
  type FeaturesOf,
  givenFeatures,
  isFeatureRow,
  rawTransaction,
} from '../../scoring/candidates.ts';
import {
  isSingle,
  requestBody,
  type ScoreForm,
  scoreForm,
} from '../../scoring/request/request-body.ts';
import type { ScoreSettings } from '../../scoring/score-settings.ts';
import type { Label } from '../../transactions/label.ts';
import type { GuardValues } from './abort-on-threshold.ts';
import type { ProgressValues } from './progress.ts';
import type { TargetValues } from './scoring-target.ts';
import type { RecordSourceValues } from './source.ts';
import type { ReportValues } from './write-report.ts';

/** Everything that `score` can be told. */
export interface ScoreValues
  extends TargetValues,
    RecordSourceValues,
    SinkValues,
    GuardValues,
    ProgressValues,
    Pick<ReportValues, 'report'> {
  readonly features: 'computed' | 'given' | 'raw';
  readonly bodyTemplate: string | undefined;
  readonly scorePointer: string | undefined;
  readonly timeout: number;
  readonly order: 'ordered' | 'unordered';
  readonly featureOrder: FeatureOrder;
  readonly concurrencyLimit: 'fixed' | 'adaptive';
  readonly batchRows: number;
  readonly batchBytes: number;
  readonly linger: number;
  readonly requestTimeout: number;
  readonly dropAfter: number | undefined;
  readonly rate: number;
  readonly count: number | undefined;
  readonly duration: number | undefined;
  readonly warmUp: number;
  readonly labels: string | undefined;
  readonly threshold: number | undefined;
  readonly modelVersion: string | undefined;
  readonly withFeatures: boolean;
  readonly costMissed: number;
  readonly costAlarm: number;
  readonly fromStream: string | undefined;
  readonly from: From;
  readonly checkpoint: string | undefined;
  readonly checkpointInterval: number;
  readonly idleTimeout: number | undefined;
}

/** The settings of scoring alone: neither a source of records nor their pace. */
export type ScoringValues = Omit<
  ScoreValues,
  | Exclude<keyof RecordSourceValues, keyof TargetValues | keyof SinkValues | 'ipSpace'>
  | 'rate'
  | 'count'
  | 'duration'
  | 'labels'
  | 'fromStream'
  | 'from'
  | 'featureOrder'
  | 'checkpoint'
  | 'checkpointInterval'
  | 'idleTimeout'
>;

/** The flags as the scoring takes them. */
export function settingsOf(values: ScoringValues, isPaced: boolean): ScoreSettings {
  return {
    capacity: values.capacity,
    concurrency: values.concurrencyLimit,
    timeoutMs: values.timeout,
    requestTimeoutMs: values.requestTimeout,
    isOrdered: values.order === 'ordered',
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
export function formOf(values: ScoringValues): ScoreForm {
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

/** The features of the flags, and what they learn from. */
export interface ChosenFeatures {
  readonly of: FeaturesOf;
  /** Takes a label that is known ahead of its transaction. */
  expect(label: Label): void;
  /** The state as bytes; `undefined` where features are not computed here. */
  snapshot(): Uint8Array | undefined;
}

/**
 * The features of the flags, from the state that a checkpoint kept where there is one.
 *
 * Errors: `bad-data` for a state of other definitions.
 */
export function chosenFeatures(
  { features, ipSpace }: FeatureValues,
  state?: Uint8Array | undefined,
): ChosenFeatures {
  if (features !== 'computed') {
    const of = features === 'raw' ? rawTransaction : givenFeatures;
    return { of, expect: () => undefined, snapshot: () => undefined };
  }
  const addresses = ipRanges(ipSpace);
  const labelled = state
    ? LabelledFeatures.restore(state, addresses)
    : new LabelledFeatures(addresses);
  return {
    of: computedFeatures(labelled),
    expect: (label) => labelled.expect(label),
    snapshot: () => labelled.snapshot(),
  };
}

/** What a transaction lacks for the features of the flags, if anything. */
export function lackOf(
  { features }: FeatureValues,
  parsed: Readonly<Record<string, unknown>>,
): RowFault | undefined {
  const { features: given } = parsed;
  if (features !== 'given' || isFeatureRow(given)) return undefined;
  const reason = 'must be an array of numbers, null where one is missing (--features given)';
  return { field: 'features', value: shown(given), reason };
}

/** The same of a record of a file; `undefined` where none can lack any. */
export function missingIn(values: FeatureValues): InputSettings['missing'] {
  if (values.features !== 'given') return undefined;
  return ({ data }) => lackOf(values, JSON.parse(Buffer.from(data).toString('utf8')));
}

/** Errors: `usage` for features that are given, of transactions that are generated. */
export function checkFeatures({
  features,
  input,
  fromStream,
}: Pick<ScoreValues, 'features' | 'input' | 'fromStream'>): void {
  if (features !== 'given' || input.length > 0 || fromStream !== undefined) return;
  const message =
    '--features given takes features from each line, and generated transactions bring none. Give --input or --from-stream, or leave --features out.';
  throw new FraudstreamError('usage', message);
}

export type FeatureValues = Pick<ScoreValues, 'features' | 'ipSpace'>;

/** Where nobody says another, and nobody knows the model. */
const DEFAULT_THRESHOLD = 0.5;

/** The threshold of verdicts: the one given, else that of the model on this machine. */
export async function thresholdOf(
  values: Pick<ScoreValues, 'threshold' | 'local'>,
): Promise<number> {
  if (values.threshold !== undefined) return values.threshold;
  if (!values.local) return DEFAULT_THRESHOLD;
  const { loadModel } = await import('../../model/model.ts');
  const { modelBytes } = await import('../../model/shipped-model.ts');
  return loadModel(modelBytes()).threshold;
}
