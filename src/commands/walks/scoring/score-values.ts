import type { From } from '../../../kinesis/consumer/checkpoint-file.ts';
import type { ProgressValues } from '../reports/delivery-progress.ts';
import type { GuardValues } from '../reports/guard.ts';
import type { ReportValues } from '../reports/report.ts';
import type { SourceValues } from '../sources/source.ts';
import type { FeatureOrder } from './engine-turns.ts';
import type { SinkValues } from './sinks.ts';
import type { TargetValues } from './target.ts';

/** Everything that `score` can be told. */
export interface ScoreValues
  extends TargetValues,
    SourceValues,
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
