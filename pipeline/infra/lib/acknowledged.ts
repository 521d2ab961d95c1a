import { type App, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

const EC2 = 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:';

/** Findings of cdk-nag and of CloudFormation's own validation that are right as they are, by the path they are found at. */
const acknowledged: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    'CloudFormation-Validate::W1030':
      'Parameters that are empty unless given are used only where they are given (Fn::If).',
    'CloudFormation-Validate::E1150':
      'Parameters that are empty unless given are used only where they are given (Fn::If).',
    'AwsSolutions-KDS3':
      'Without KmsKeyArn it is aws/kinesis, else a key of the account: rotated and audited by its owner.',
  },
  'fraudstream-foundation/Bucket': {
    'AwsSolutions-S1':
      'It holds a jar and a model. Who reads them is in CloudTrail; a log of accesses needs another bucket.',
  },
  'fraudstream-foundation/LogsRole': {
    'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]':
      'The policy that AWS made for exactly this: API Gateway writing its logs.',
  },
  '*/Api/Post': {
    'AwsSolutions-COG4': 'Callers are machines: they sign with IAM (SigV4), there is no user pool.',
  },
  '*/Api/Stage': {
    'AwsSolutions-APIG3':
      'Only signed requests of the account reach it, throttled; a web ACL can be attached to the stage.',
  },
  'fraudstream-sagemaker/Scoring/Role': {
    'AwsSolutions-IAM5[Resource::*]':
      'Only ecr:GetAuthorizationToken and cloudwatch:PutMetricData (in one namespace): neither has an ARN.',
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/sagemaker/Endpoints/<EndpointName>:log-stream:*]':
      'SageMaker names the streams of the one log group after its instances.',
  },
  'fraudstream-sagemaker/Scoring/Role/Capture': {
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:s3:::<ArtifactsBucket>/captured/<EndpointName>/*]':
      'SageMaker names captured files by the hour, all below this one prefix.',
  },
  'fraudstream-lambda/Scoring/Role': {
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/lambda/<AWS::StackName>-scoring:log-stream:*]':
      'Lambda names the streams of the one log group after its sandboxes.',
  },
  '*/Job/Role': {
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:*]':
      'logs:DescribeLogGroups, which Managed Flink asks for, cannot be narrowed to a group.',
  },
  '*/Job/Role/FanOut': {
    'AwsSolutions-IAM5[Resource::<StreamsInputC31D05B0.Arn>/consumer/*]':
      'The ARN of a consumer ends with the moment when the job registered it.',
  },
  '*/Job/Role/Network': Object.fromEntries(
    ['*', 'network-interface/*', 'security-group/*', 'subnet/*'].map((what) => [
      `AwsSolutions-IAM5[Resource::${what === '*' ? '' : EC2}${what}]`,
      'Managed Flink makes network interfaces of its own in the VPC; descriptions have no ARN.',
    ]),
  ),
};

/** Acknowledges them, each where it is found. */
export function acknowledge(app: App): void {
  for (const construct of app.node.findAll()) {
    for (const [id, reason] of reasonsFor(construct)) {
      Validations.of(construct).acknowledge({ id, reason });
    }
  }
}

function reasonsFor({ node }: IConstruct): readonly (readonly [string, string])[] {
  const anyStack = node.path.replace(/^[^/]*/, '*');
  return [acknowledged[node.path], acknowledged[anyStack]].flatMap((found) =>
    Object.entries(found ?? {}),
  );
}
