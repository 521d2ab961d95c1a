import { Aws, CfnDeletionPolicy, type CfnParameter, type Stack } from 'aws-cdk-lib';
import { CfnStream } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import { declareParameters, either, isGiven, isSet, type Parameters } from './parameter.ts';

/** Source: CreateStream. */
const NAME = '[a-zA-Z0-9_.-]{1,128}';
const SHARD_METRICS = ['ALL'];

export interface StreamsProps {
  /** What encrypts records; without one, the key that AWS manages for Kinesis. */
  readonly kmsKeyArn: CfnParameter;
}

/** The streams between the parts: transactions in, verdicts and rejects out, labels if wanted. */
export class Streams extends Construct {
  readonly input: CfnStream;
  readonly verdicts: CfnStream;
  readonly rejects: CfnStream;
  /** There only when `LabelStreamName` is given. */
  readonly labels: CfnStream;
  readonly labelStreamName: CfnParameter;
  readonly parameters: Parameters<typeof streamParameters>;

  constructor(stack: Stack, id: string, { kmsKeyArn }: StreamsProps) {
    super(stack, id);
    const of = declareParameters(stack, 'Streams', streamParameters);
    this.parameters = of;
    const isProvisioned = isSet(of.StreamMode, 'PROVISIONED');
    const hasShardMetrics = isSet(of.ShardMetrics, 'true');
    const stream = (name: string, streamName: string, shards: number): CfnStream => {
      const made = new CfnStream(this, name, {
        name: streamName,
        streamModeDetails: { streamMode: of.StreamMode.valueAsString },
        shardCount: either(isProvisioned, shards),
        retentionPeriodHours: of.RetentionHours.valueAsNumber,
        maxRecordSizeInKiB: of.MaxRecordKiB.valueAsNumber,
        desiredShardLevelMetrics: either(hasShardMetrics, SHARD_METRICS),
        streamEncryption: {
          encryptionType: 'KMS',
          keyId: either(isGiven(kmsKeyArn), kmsKeyArn.valueAsString, 'alias/aws/kinesis'),
        },
      });
      // Records of a stream that is renamed can still be read; a stack that is deleted goes whole.
      made.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
      made.cfnOptions.deletionPolicy = CfnDeletionPolicy.DELETE;
      return made;
    };
    const inputShards = of.InputShards.valueAsNumber;
    const outputShards = either(
      isGiven(of.OutputShards),
      of.OutputShards.valueAsString as unknown as number,
      inputShards,
    );
    this.input = stream('Input', named(of.InputStreamName, 'transactions'), inputShards);
    this.verdicts = stream('Verdicts', named(of.VerdictStreamName, 'verdicts'), outputShards);
    this.rejects = stream('Rejects', named(of.RejectStreamName, 'rejects'), outputShards);
    this.labels = stream('Labels', of.LabelStreamName.valueAsString, outputShards);
    this.labels.cfnOptions.condition = isGiven(of.LabelStreamName);
    this.labelStreamName = of.LabelStreamName;
  }
}

/** A stream by its name, or by that of the stack: a second stack fits beside the first. */
function named(parameter: CfnParameter, end: string): string {
  return either(isGiven(parameter), parameter.valueAsString, `${Aws.STACK_NAME}-${end}`);
}

const streamParameters = {
  InputStreamName: {
    meaning: 'Stream that transactions are put to; empty for STACK-transactions.',
    default: '',
    pattern: `(${NAME})?`,
  },
  VerdictStreamName: {
    meaning: 'Stream that verdicts are put to; empty for STACK-verdicts.',
    default: '',
    pattern: `(${NAME})?`,
  },
  RejectStreamName: {
    meaning: 'Stream of what got no verdict, with the reason; empty for STACK-rejects.',
    default: '',
    pattern: `(${NAME})?`,
  },
  LabelStreamName: {
    meaning: 'Stream of labels that arrive late (chargebacks); empty for none.',
    default: '',
    pattern: `(${NAME})?`,
  },
  StreamMode: {
    meaning: 'Who counts the shards: AWS (ON_DEMAND) or you (PROVISIONED).',
    default: 'ON_DEMAND',
    allowed: ['ON_DEMAND', 'PROVISIONED'],
  },
  InputShards: {
    meaning: 'Shards of the input stream when provisioned: 1 MB/s and 1000 Kinesis records/s each.',
    default: 4,
    min: 1,
    max: 10_000,
  },
  OutputShards: {
    meaning:
      'Shards of each other stream when provisioned; empty for as many as the input has: an aggregated verdict is smaller than its transaction.',
    default: '',
    pattern: '([1-9][0-9]{0,4})?',
  },
  RetentionHours: { meaning: 'Hours that records are kept.', default: 24, min: 24, max: 8760 },
  MaxRecordKiB: {
    meaning: 'Size of the largest Kinesis record in KiB.',
    default: 1024,
    min: 1024,
    max: 10_240,
  },
  ShardMetrics: {
    meaning: 'Metrics of each shard (they cost extra).',
    default: 'false',
    allowed: ['true', 'false'],
  },
} as const;
