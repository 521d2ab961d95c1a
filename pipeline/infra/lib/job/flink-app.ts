import { Aws, type CfnCondition, type CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import {
  CfnApplication,
  CfnApplicationCloudWatchLoggingOption,
} from 'aws-cdk-lib/aws-kinesisanalyticsv2';
import type { CfnLogGroup, CfnLogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { NetworkParameters } from '../network.ts';
import { declareParameters, either, isGiven, isSet, type Parameters } from '../parameter.ts';
import {
  allowing,
  arnHere,
  type Choice,
  roleWithChoices,
  type Statement,
  trustedService,
} from '../policy.ts';
import type { Streams } from '../streams.ts';
import { jobChoices, readActions } from './job-choices.ts';
import { jobLog, logStreamArn } from './job-log.ts';
import { jobParameters } from './job-parameters.ts';

/** Where the job sends its scoring requests, and what it must be allowed for that. */
export interface EndpointWay {
  /** Settings of the job: `url`, or `endpoint-name`. */
  readonly target: Readonly<Record<string, string>>;
  readonly mayCall: readonly Statement[];
  readonly mayCallIf: readonly Choice[];
}

export interface FlinkAppProps extends EndpointWay {
  readonly streams: Streams;
  readonly network: NetworkParameters;
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
  readonly parameters: Parameters<typeof jobParameters>;

  constructor(stack: Stack, id: string, props: FlinkAppProps) {
    super(stack, id);
    this.#props = props;
    this.#of = declareParameters(stack, 'Flink job', jobParameters);
    this.parameters = this.#of;
    this.#isInVpc = isGiven(props.network.SubnetIds);
    const { group, stream } = jobLog(this, props);
    const role = this.#role(group, stream);
    this.application = new CfnApplication(this, 'Application', {
      applicationName: this.name,
      applicationDescription: 'Transactions in, verdicts out (fraudstream, pipeline/flink).',
      runtimeEnvironment: 'FLINK-2_2',
      serviceExecutionRole: roleWithChoices(role, this.#choices),
      applicationConfiguration: this.#configuration(),
    });
    new CfnApplicationCloudWatchLoggingOption(this, 'Logging', {
      applicationName: this.application.ref,
      cloudWatchLoggingOption: { logStreamArn: logStreamArn(group, stream) },
    });
  }

  #configuration(): CfnApplication.ApplicationConfigurationProperty {
    const of = this.#of;
    const { network } = this.#props;
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
          SubnetIds: network.SubnetIds.valueAsList,
          SecurityGroupIds: network.SecurityGroupIds.valueAsList,
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
      ...target,
      capacity: of.ScoringCapacity.valueAsString,
      timeout: of.ScoringTimeout.valueAsString,
      order: of.ScoringOrder.valueAsString,
      'feature-order': of.FeatureOrder.valueAsString,
      'batch-rows': of.BatchRows.valueAsString,
      linger: of.BatchLinger.valueAsString,
      'on-outage': of.OnOutage.valueAsString,
      aggregate: of.Aggregate.valueAsString,
      'sink-buffer': of.SinkBuffer.valueAsString,
      'duplicate-horizon': of.DuplicateHorizon.valueAsString,
      threshold: of.Threshold.valueAsString,
    };
  }

  get #choices(): readonly Choice[] {
    return jobChoices({ ...this.#props, isInVpc: this.#isInVpc });
  }

  get #bucketArn(): string {
    return `arn:${Aws.PARTITION}:s3:::${this.#props.artifactsBucket.valueAsString}`;
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
}
