import type { CfnCondition, CfnParameter } from 'aws-cdk-lib';
import { isGiven } from '../parameter.ts';
import { arnHere, type Choice, keyStatement, type Statement } from '../policy.ts';
import type { Streams } from '../streams.ts';

/** Choices of a deployment that ask for permissions of their own. */
export interface JobChoices {
  readonly streams: Streams;
  readonly kmsKeyArn: CfnParameter;
  readonly mayCallIf: readonly Choice[];
  readonly isInVpc: CfnCondition;
}

/** What the job may do besides reading its input and putting what came of it. */
export function jobChoices(choices: JobChoices): readonly Choice[] {
  const { streams, kmsKeyArn, mayCallIf, isInVpc } = choices;
  return [
    ...mayCallIf,
    {
      name: 'Labels',
      when: isGiven(streams.labelStreamName),
      statements: [{ actions: readActions, resources: [streams.labels.attrArn] }],
    },
    { name: 'Key', when: isGiven(kmsKeyArn), statements: [keyStatement(kmsKeyArn)] },
    { name: 'Network', when: isInVpc, statements: networkStatements },
  ];
}

/** To read a stream. */
export const readActions: readonly string[] = [
  'kinesis:DescribeStream',
  'kinesis:DescribeStreamSummary',
  'kinesis:GetRecords',
  'kinesis:GetShardIterator',
  'kinesis:ListShards',
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
