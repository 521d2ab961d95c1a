import { type App, CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The first part of the names of a stack's endpoints, as cdk-nag writes it. */
const ENDPOINT =
  '{"Fn::If":["EndpointNameIsGiven",{"Ref":"EndpointName"},{"Ref":"AWS::StackName"}]}-ml-*';
const ENDPOINT_ARN = `arn:<AWS::Partition>:sagemaker:<AWS::Region>:<AWS::AccountId>:endpoint/${ENDPOINT}`;
const ENDPOINT_LOG = `arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/sagemaker/Endpoints/${ENDPOINT}`;
const CAPTURED = `arn:<AWS::Partition>:s3:::<ArtifactsBucket>/captured/${ENDPOINT}/*`;
const ANY_TYPE =
  'The endpoint of the stack, on any instance type: the old one serves while a new one is made.';
const BUCKET_LOG =
  'It holds a jar and a model. Who reads them is in CloudTrail; a log of accesses needs another bucket.';
const EC2 = 'arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:';

/** Findings of cdk-nag, of checkov (CKV) and of CloudFormation's own validation that are right as they are, by path. */
const acknowledged: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '': {
    'CloudFormation-Validate::W1030':
      'Parameters that are empty unless given are used only where they are given (Fn::If).',
    'CloudFormation-Validate::E1150':
      'Parameters that are empty unless given are used only where they are given (Fn::If).',
    'CloudFormation-Validate::E3019':
      'Streams have names of their own: that of the stack and their end, unless one is given.',
    'AwsSolutions-KDS3':
      'Without KmsKeyArn it is aws/kinesis, else a key of the account: rotated and audited by its owner.',
  },
  'fraudstream-foundation/Bucket': {
    'AwsSolutions-S1': BUCKET_LOG,
    CKV_AWS_18: BUCKET_LOG,
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
    CKV_AWS_73: 'The parameter Tracing turns X-Ray on: it is paid for by the request.',
    CKV_AWS_120: 'No two requests are alike: a cache of scores would never be hit.',
  },
  'fraudstream-sagemaker/Scoring/Role': {
    'AwsSolutions-IAM5[Resource::*]':
      'Only ecr:GetAuthorizationToken and cloudwatch:PutMetricData (in one namespace): neither has an ARN.',
    [`AwsSolutions-IAM5[Resource::${ENDPOINT_LOG}]`]: ANY_TYPE,
    [`AwsSolutions-IAM5[Resource::${ENDPOINT_LOG}:log-stream:*]`]:
      'SageMaker names the streams of the log groups after its instances.',
  },
  'fraudstream-sagemaker/Scoring/Role/Capture': {
    [`AwsSolutions-IAM5[Resource::${CAPTURED}]`]:
      'SageMaker names captured files by the hour, all below this one prefix.',
  },
  'fraudstream-sagemaker/Scoring/InvokeRole': {
    [`AwsSolutions-IAM5[Resource::${ENDPOINT_ARN}]`]: ANY_TYPE,
  },
  'fraudstream-sagemaker/Job/Role/CallSageMaker': {
    [`AwsSolutions-IAM5[Resource::${ENDPOINT_ARN}]`]: ANY_TYPE,
  },
  'fraudstream-lambda/Scoring/Function': {
    CKV_AWS_116:
      'It is called synchronously: the caller gets the error, there is nothing to queue.',
    CKV_AWS_117:
      'It calls nothing: model and code are in its zip. A VPC would only make it start later.',
  },
  'fraudstream-lambda/Scoring/Role': {
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:/aws/lambda/<AWS::StackName>-scoring:log-stream:*]':
      'Lambda names the streams of the one log group after its sandboxes.',
  },
  '*/Job/Role': {
    'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:*]':
      'logs:DescribeLogGroups, which Managed Flink asks for, cannot be narrowed to a group.',
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
  const constructs = app.node.findAll();
  const paths = new Set(constructs.flatMap(({ node }) => [node.path, anyStack(node.path)]));
  const gone = Object.keys(acknowledged).filter((path) => !paths.has(path));
  if (gone.length > 0) throw new Error(`Nothing is at ${gone.join(', ')}: take it out.`);
  for (const construct of constructs) {
    for (const [id, reason] of reasonsFor(construct)) {
      if (construct instanceof CfnResource && id.startsWith('CKV_')) skipped(construct, id, reason);
      else Validations.of(construct).acknowledge({ id, reason });
    }
  }
}

/** checkov reads what it is to skip from the metadata of the resource. */
function skipped(resource: CfnResource, id: string, comment: string): void {
  const { skip = [] } = (resource.getMetadata('checkov') ?? {}) as { skip?: readonly object[] };
  resource.addMetadata('checkov', { skip: [...skip, { id, comment }] });
}

function reasonsFor({ node }: IConstruct): readonly (readonly [string, string])[] {
  return [acknowledged[node.path], acknowledged[anyStack(node.path)]].flatMap((found) =>
    Object.entries(found ?? {}),
  );
}

function anyStack(path: string): string {
  return path.replace(/^[^/]*/, '*');
}
