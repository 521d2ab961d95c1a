import { Fn } from 'aws-cdk-lib';
import { type CfnLogGroup, CfnLogStream } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { type LogGroupProps, logGroup } from '../log-group.ts';

/** The log of the job: a group of the stack, with one stream. */
export function jobLog(
  scope: Construct,
  props: LogGroupProps,
): { readonly group: CfnLogGroup; readonly stream: CfnLogStream } {
  const group = logGroup(scope, 'Log', props);
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
