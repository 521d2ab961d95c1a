import { Aws, type CfnCondition, type CfnParameter, Fn } from 'aws-cdk-lib';
import { CfnPolicy, type CfnRole } from 'aws-cdk-lib/aws-iam';
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

/** What a role may do besides, under a condition. */
export interface Choice {
  readonly name: string;
  readonly when: CfnCondition;
  readonly statements: readonly Statement[];
}

/**
 * Gives a role policies that are there only under conditions; the ARN that comes back waits for them.
 *
 * A DependsOn may not name what may not exist. So the ARN is the first of a list whose others are the policies.
 */
export function roleWithChoices(role: CfnRole, choices: readonly Choice[]): string {
  const made = choices.map(({ name, when, statements }) => {
    const policy = new CfnPolicy(role, name, {
      policyName: name,
      roles: [role.ref],
      policyDocument: allowing(...statements),
    });
    policy.cfnOptions.condition = when;
    return either(when, policy.ref, '');
  });
  return Fn.select(0, [role.attrArn, ...made]);
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

/** To read and write what the key of the stack encrypts. */
export function keyStatement(kmsKeyArn: CfnParameter): Statement {
  return {
    actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
    resources: [kmsKeyArn.valueAsString],
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
