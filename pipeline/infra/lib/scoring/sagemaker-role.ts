import { Aws, type CfnCondition, type CfnParameter } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { isGiven } from '../parameter.ts';
import {
  allowing,
  arnHere,
  keyStatement,
  roleWithChoices,
  type Statement,
  trustedService,
} from '../policy.ts';
import { XGBOOST_REPOSITORY } from './xgboost-image.ts';

/** What the container of an endpoint is allowed to touch. */
export interface ModelReach {
  /** Name of the endpoint with a wildcard for the instance type: the old one serves while a new one comes. */
  readonly endpointNames: string;
  readonly artifactsBucket: CfnParameter;
  readonly modelKey: string;
  /** Account of the repository of the image. */
  readonly registry: string;
  readonly kmsKeyArn: CfnParameter;
  readonly captures: CfnCondition;
}

/** The ARN of the role of the container: one model, one log, one prefix for captured data. */
export function sageMakerRole(scope: Construct, reach: ModelReach): string {
  const { endpointNames, artifactsBucket, modelKey, registry, kmsKeyArn, captures } = reach;
  const bucket = `arn:${Aws.PARTITION}:s3:::${artifactsBucket.valueAsString}`;
  const role = new CfnRole(scope, 'Role', {
    assumeRolePolicyDocument: trustedService('sagemaker.amazonaws.com'),
    policies: [
      {
        policyName: 'serve',
        policyDocument: allowing(
          {
            actions: ['s3:GetObject'],
            resources: [`${bucket}/${modelKey}`],
          },
          ...imageStatements(registry),
          ...tellingStatements(endpointNames),
        ),
      },
    ],
  });
  const grant = { actions: ['kms:CreateGrant'], resources: [kmsKeyArn.valueAsString] };
  return roleWithChoices(role, [
    {
      name: 'Capture',
      when: captures,
      statements: [
        { actions: ['s3:PutObject'], resources: [`${bucket}/captured/${endpointNames}/*`] },
      ],
    },
    { name: 'Key', when: isGiven(kmsKeyArn), statements: [keyStatement(kmsKeyArn), grant] },
  ]);
}

/** It writes its log and its metrics. */
function tellingStatements(endpointNames: string): readonly Statement[] {
  const group = arnHere('logs', `log-group:/aws/sagemaker/Endpoints/${endpointNames}`);
  return [
    {
      actions: [
        'logs:CreateLogGroup',
        'logs:CreateLogStream',
        'logs:DescribeLogStreams',
        'logs:PutLogEvents',
      ],
      resources: [group, `${group}:log-stream:*`],
    },
    {
      // Metrics have no ARN; the namespace narrows it.
      actions: ['cloudwatch:PutMetricData'],
      resources: ['*'],
      condition: { StringEquals: { 'cloudwatch:namespace': '/aws/sagemaker/Endpoints' } },
    },
  ];
}

/** The container comes from a repository of AWS; the token to ask for it has no ARN. */
function imageStatements(registry: string): readonly Statement[] {
  return [
    { actions: ['ecr:GetAuthorizationToken'], resources: ['*'] },
    {
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      resources: [
        `arn:${Aws.PARTITION}:ecr:${Aws.REGION}:${registry}:repository/${XGBOOST_REPOSITORY}`,
      ],
    },
  ];
}
