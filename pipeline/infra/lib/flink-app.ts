import {
  Aws,
  type CfnCondition,
  CfnDeletionPolicy,
  type CfnParameter,
  Fn,
  type Stack,
} from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import {
  CfnApplication,
  CfnApplicationCloudWatchLoggingOption,
} from 'aws-cdk-lib/aws-kinesisanalyticsv2';
import { CfnLogGroup, CfnLogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { jobParameters } from './flink-parameters.ts';
import { declareParameters, either, isGiven, isSet, type Parameters } from './parameter.ts';
import {
  allowing,
  arnHere,
  type Choice,
  keyStatement,
  roleWithChoices,
  type Statement,
  trustedService,
} from './policy.ts';
import type { Streams } from './streams.ts';

/** Where the job sends its scoring requests, and what it must be allowed for that. */
export interface EndpointWay {
  /** Settings of the job: `url`, or `endpoint-name`. */
  readonly target: Readonly<Record<string, string>>;
  readonly mayCall: readonly Statement[];
  readonly mayCallIf: readonly Choice[];
}

export interface FlinkAppProps extends EndpointWay {
  readonly streams: Streams;
  readonly artifactsBucket: CfnParameter;
  readonly kmsKeyArn: CfnParameter;
  readonly logRetentionDays: CfnParameter;
}

/** Managed Service for Apache Flink calls it so: the name of the group of properties that the job reads. */
const PROPERTY_GROUP = 'fraudstream';

/** The job of pipeline/flink on Managed Service for Apache Flink. CloudFormation makes it; deploy.sh starts it. */
export class FlinkApp extends Construct {
  readonly application: CfnApplication;
  readonly name: string = Aws.STACK_NAME;
  readonly #props: FlinkAppProps;
  readonly #of: Parameters<typeof jobParameters>;
  readonly #isInVpc: CfnCondition;

  constructor(stack: Stack, id: string, props: FlinkAppProps) {
    super(stack, id);
    this.#props = props;
    this.#of = declareParameters(stack, 'Flink job', jobParameters);
    this.#isInVpc = isGiven(this.#of.SubnetIds);
    const { group, stream } = this.#log();
    const role = this.#role(group, stream);
    this.application = new CfnApplication(this, 'Application', {
      applicationName: this.name,
      applicationDescription: 'Transactions in, verdicts out (fraudstream, pipeline/flink).',
      runtimeEnvironment: 'FLINK-2_2',
      serviceExecutionRole: roleWithChoices(role, this.#choices()),
      applicationConfiguration: this.#configuration(),
    });
    new CfnApplicationCloudWatchLoggingOption(this, 'Logging', {
      applicationName: this.application.ref,
      cloudWatchLoggingOption: { logStreamArn: logStreamArn(group, stream) },
    });
  }

  #configuration(): CfnApplication.ApplicationConfigurationProperty {
    const of = this.#of;
    return {
      applicationCodeConfiguration: {
        codeContentType: 'ZIPFILE',
        codeContent: {
          s3ContentLocation: {
            bucketArn: this.#bucketArn,
            fileKey: of.JobJarKey.valueAsString,
          },
        },
      },
      applicationSnapshotConfiguration: { snapshotsEnabled: true },
      // A new version that does not start goes back to the last one by itself.
      applicationSystemRollbackConfiguration: { rollbackEnabled: true },
      flinkApplicationConfiguration: {
        checkpointConfiguration: {
          configurationType: 'CUSTOM',
          checkpointingEnabled: true,
          checkpointInterval: of.CheckpointIntervalMs.valueAsNumber,
          minPauseBetweenCheckpoints: 5000,
        },
        monitoringConfiguration: {
          configurationType: 'CUSTOM',
          logLevel: of.LogLevel.valueAsString,
          metricsLevel: of.MetricsLevel.valueAsString,
        },
        parallelismConfiguration: {
          configurationType: 'CUSTOM',
          parallelism: of.Parallelism.valueAsNumber,
          parallelismPerKpu: of.ParallelismPerKpu.valueAsNumber,
          autoScalingEnabled: either<boolean>(isSet(of.AutoScaling, 'true'), true, false),
        },
      },
      environmentProperties: {
        propertyGroups: [{ propertyGroupId: PROPERTY_GROUP, propertyMap: this.#properties() }],
      },
      vpcConfigurations: [
        either<CfnApplication.VpcConfigurationProperty>(this.#isInVpc, {
          SubnetIds: of.SubnetIds.valueAsList,
          SecurityGroupIds: of.SecurityGroupIds.valueAsList,
        } as never),
      ],
    };
  }

  /** What the job reads: its settings, by their names (pipeline/flink, Options.java). */
  #properties(): Readonly<Record<string, string>> {
    const { streams, target } = this.#props;
    const of = this.#of;
    return {
      'from-stream': streams.input.attrArn,
      'to-stream': streams.verdicts.attrArn,
      'rejects-stream': streams.rejects.attrArn,
      'labels-stream': either(isGiven(streams.labelStreamName), streams.labels.attrArn),
      region: Aws.REGION,
      from: of.ReadFrom.valueAsString,
      reader: either(isSet(of.EnhancedFanOut, 'true'), 'efo', 'polling'),
      'efo-consumer': this.name,
      ...target,
      capacity: of.ScoringCapacity.valueAsString,
      timeout: of.ScoringTimeout.valueAsString,
      order: of.ScoringOrder.valueAsString,
      'batch-rows': of.BatchRows.valueAsString,
      linger: of.BatchLinger.valueAsString,
      'on-outage': of.OnOutage.valueAsString,
      threshold: of.Threshold.valueAsString,
    };
  }

  get #bucketArn(): string {
    return `arn:${Aws.PARTITION}:s3:::${this.#props.artifactsBucket.valueAsString}`;
  }

  #log(): { readonly group: CfnLogGroup; readonly stream: CfnLogStream } {
    const group = new CfnLogGroup(this, 'Log', {
      retentionInDays: this.#props.logRetentionDays.valueAsNumber,
    });
    group.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
    group.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    const stream = new CfnLogStream(this, 'LogStream', {
      logGroupName: group.ref,
      logStreamName: 'job',
    });
    return { group, stream };
  }

  #role(group: CfnLogGroup, stream: CfnLogStream): CfnRole {
    const { streams, mayCall } = this.#props;
    return new CfnRole(this, 'Role', {
      assumeRolePolicyDocument: trustedService('kinesisanalytics.amazonaws.com'),
      policies: [
        {
          policyName: 'job',
          policyDocument: allowing(
            {
              actions: ['s3:GetObject', 's3:GetObjectVersion'],
              resources: [`${this.#bucketArn}/${this.#of.JobJarKey.valueAsString}`],
            },
            { actions: readActions, resources: [streams.input.attrArn] },
            {
              actions: [
                'kinesis:DescribeStreamSummary',
                'kinesis:ListShards',
                'kinesis:PutRecords',
              ],
              resources: [streams.verdicts.attrArn, streams.rejects.attrArn],
            },
            ...mayCall,
            { actions: ['logs:DescribeLogGroups'], resources: [arnHere('logs', 'log-group:*')] },
            { actions: ['logs:DescribeLogStreams'], resources: [group.attrArn] },
            { actions: ['logs:PutLogEvents'], resources: [logStreamArn(group, stream)] },
          ),
        },
      ],
    });
  }

  #choices(): readonly Choice[] {
    const { streams, kmsKeyArn, mayCallIf } = this.#props;
    return [
      ...mayCallIf,
      {
        name: 'Labels',
        when: isGiven(streams.labelStreamName),
        statements: [{ actions: readActions, resources: [streams.labels.attrArn] }],
      },
      {
        name: 'FanOut',
        when: isSet(this.#of.EnhancedFanOut, 'true'),
        statements: [
          {
            actions: fanOutActions,
            resources: [streams.input.attrArn, `${streams.input.attrArn}/consumer/*`],
          },
        ],
      },
      { name: 'Key', when: isGiven(kmsKeyArn), statements: [keyStatement(kmsKeyArn)] },
      { name: 'Network', when: this.#isInVpc, statements: networkStatements },
    ];
  }
}

const readActions = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
];
const fanOutActions = [
  'kinesis:DeregisterStreamConsumer',
  'kinesis:DescribeStreamConsumer',
  'kinesis:RegisterStreamConsumer',
  'kinesis:SubscribeToShard',
];
/** Source: "VPC application permissions" of Managed Service for Apache Flink; descriptions have no ARN. */
const networkStatements: readonly Statement[] = [
  {
    actions: [
      'ec2:DescribeDhcpOptions',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
    ],
    resources: ['*'],
  },
  {
    actions: [
      'ec2:CreateNetworkInterface',
      'ec2:CreateNetworkInterfacePermission',
      'ec2:DeleteNetworkInterface',
    ],
    resources: [
      arnHere('ec2', 'network-interface/*'),
      arnHere('ec2', 'security-group/*'),
      arnHere('ec2', 'subnet/*'),
    ],
  },
];

function logStreamArn(group: CfnLogGroup, stream: CfnLogStream): string {
  return Fn.sub(
    `arn:\${AWS::Partition}:logs:\${AWS::Region}:\${AWS::AccountId}:log-group:\${Group}:log-stream:\${Stream}`,
    {
      Group: group.ref,
      Stream: stream.ref,
    },
  );
}
