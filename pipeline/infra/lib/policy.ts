import { Aws, type CfnCondition } from 'aws-cdk-lib';
import type { CfnRole } from 'aws-cdk-lib/aws-iam';
import { either } from './parameter.ts';

/** One statement of a policy. */
export interface Statement {
  readonly sid?: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** A policy document that allows this and nothing else. */
export function allowing(...statements: readonly Statement[]): object {
  return {
    Version: '2012-10-17',
    Statement: statements.map(({ sid, actions, resources, condition }) => ({
      ...(sid && { Sid: sid }),
      Effect: 'Allow',
      Action: one(actions),
      Resource: one(resources),
      ...(condition && { Condition: condition }),
    })),
  };
}

/** A policy of a role that is there only under a condition. */
export function policyIf(
  condition: CfnCondition,
  name: string,
  ...statements: readonly Statement[]
): CfnRole.PolicyProperty {
  const policy = { PolicyName: name, PolicyDocument: allowing(...statements) };
  return either(condition, policy) as unknown as CfnRole.PolicyProperty;
}

/** Who may take on a role: a service, acting for this account only. */
export function trustedService(service: string): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: service },
        Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      },
    ],
  };
}

/** The ARN of something of this account in this region. */
export function arnHere(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}

function one(list: readonly string[]): string | readonly string[] {
  const [only] = list;
  return list.length === 1 && only !== undefined ? only : list;
}
