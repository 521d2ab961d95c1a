import { CfnDeletionPolicy, type CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnLogGroup, CfnLogStream } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/** The log of the job: a group of the stack, with one stream. */
export function jobLog(
  scope: Construct,
  retention: CfnParameter,
): { readonly group: CfnLogGroup; readonly stream: CfnLogStream } {
  const group = new CfnLogGroup(scope, 'Log', {
    retentionInDays: retention.valueAsNumber,
  });
  group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
  group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
  const stream = new CfnLogStream(scope, 'LogStream', {
    logGroupName: group.ref,
    logStreamName: 'job',
  });
  return { group, stream };
}

/** The stream by its ARN, which CloudFormation does not tell. */
export function logStreamArn(group: CfnLogGroup, stream: CfnLogStream): string {
  return Fn.sub(
    `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${Group}:log-stream:\${Stream}`,
    {
      Group: group.ref,
      Stream: stream.ref,
    },
  );
}
