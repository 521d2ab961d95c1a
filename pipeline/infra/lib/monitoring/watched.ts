import type { CfnCondition } from 'aws-cdk-lib';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Watch } from './alarm.ts';

/** What is watched of one part: figures that say whether all is well, rows of graphs, and alarms by name. */
export interface Watched {
  readonly atAGlance: readonly IMetric[];
  readonly graphs: Readonly<Record<string, readonly IMetric[]>>;
  readonly alarms: Readonly<Record<string, Watch>>;
}

/** Names of the parts that are watched. */
export interface MonitoringProps {
  readonly inputStream: string;
  readonly verdictStream: string;
  readonly rejectStream: string;
  readonly application: string;
  readonly apiName: string;
  readonly endpoint:
    | { readonly name: string; readonly isOnInstances: CfnCondition }
    | { readonly functionName: string };
}
