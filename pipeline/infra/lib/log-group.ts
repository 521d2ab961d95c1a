import { CfnDeletionPolicy, type CfnParameter } from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { either, isGiven } from './parameter.ts';

export interface LogGroupProps {
  readonly logRetentionDays: CfnParameter;
  /** Its policy must let CloudWatch Logs of the region use it. Source: CloudWatch Logs, "Encrypt log data". */
  readonly kmsKeyArn: CfnParameter;
  /** Absent: CloudFormation names it. */
  readonly logGroupName?: string;
}

/** A log group that ends with the stack, encrypted with the key of the stack when one is given. */
export function logGroup(scope: Construct, id: string, props: LogGroupProps): CfnLogGroup {
  const { logRetentionDays, kmsKeyArn, logGroupName } = props;
  const group = new CfnLogGroup(scope, id, {
    ...(logGroupName !== undefined && { logGroupName }),
    retentionInDays: logRetentionDays.valueAsNumber,
    kmsKeyId: either(isGiven(kmsKeyArn), kmsKeyArn.valueAsString),
  });
  group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  return group;
}
