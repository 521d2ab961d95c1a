import {
  Aws,
  CfnCondition,
  type CfnParameter,
  CfnRule,
  Fn,
  type ICfnRuleConditionExpression,
  type Stack,
} from 'aws-cdk-lib';
import { CfnSecurityGroup, CfnVPCEndpoint } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { declareParameters, isGiven, isSet, type Parameters } from './parameter.ts';
import { allowing, type Statement } from './policy.ts';

/** What can be said about the VPC of a deployment. */
export const networkParameters = {
  ApiEndpointType: {
    meaning:
      'REGIONAL: the API is on the internet, signed. PRIVATE: it answers only in the VPC VpcId.',
    default: 'REGIONAL',
    allowed: ['REGIONAL', 'PRIVATE'],
  },
  VpcId: {
    meaning: 'VPC of SubnetIds, for a private API or for MakeVpcEndpoints; empty for none.',
    default: '',
    pattern: '(vpc-[0-9a-f]+)?',
  },
  MakeVpcEndpoints: {
    meaning:
      'Make interface endpoints in SubnetIds for what the job calls. false where the VPC has them, or a NAT.',
    default: 'false',
    allowed: ['true', 'false'],
  },
  SubnetIds: {
    meaning: 'Subnets for the job; empty for no VPC. It must reach Kinesis and what scores.',
    default: '',
    type: 'CommaDelimitedList',
  },
  SecurityGroupIds: {
    meaning: 'Security groups for the job in the VPC; endpoints that are made let in the first.',
    default: '',
    type: 'CommaDelimitedList',
  },
} as const;

export type NetworkParameters = Parameters<typeof networkParameters>;

/** Declares the parameters, and refuses what could not work before anything is made. */
export function declareNetwork(stack: Stack): NetworkParameters {
  const of = declareParameters(stack, 'Network', networkParameters);
  rule(stack, 'PrivateApiNeedsVpc', of.ApiEndpointType, 'PRIVATE', [
    [isNotEmpty(of.VpcId), 'A PRIVATE API answers in one VPC: give VpcId.'],
  ]);
  rule(stack, 'VpcEndpointsNeedVpc', of.MakeVpcEndpoints, 'true', [
    [isNotEmpty(of.VpcId), 'MakeVpcEndpoints needs VpcId.'],
    [isNotEmptyList(of.SubnetIds), 'MakeVpcEndpoints needs SubnetIds.'],
    [isNotEmptyList(of.SecurityGroupIds), 'MakeVpcEndpoints needs SecurityGroupIds.'],
  ]);
  return of;
}

/** A private API can be called by the job only where the job is in the VPC, too, or does not call it. */
export function privateApiNeedsJobInVpc(
  stack: Stack,
  of: NetworkParameters,
  jobCalls?: CfnParameter,
): void {
  const isInVpc = isNotEmptyList(of.SubnetIds);
  const callsSageMaker = jobCalls && Fn.conditionEquals(jobCalls.valueAsString, 'SAGEMAKER');
  rule(stack, 'PrivateApiNeedsJobInVpc', of.ApiEndpointType, 'PRIVATE', [
    [
      callsSageMaker ? Fn.conditionOr(isInVpc, callsSageMaker) : isInVpc,
      'The job calls the API: with ApiEndpointType PRIVATE it must be in the VPC. Give SubnetIds.',
    ],
  ]);
}

function rule(
  stack: Stack,
  id: string,
  parameter: CfnParameter,
  value: string,
  assertions: readonly (readonly [ICfnRuleConditionExpression, string])[],
): void {
  new CfnRule(stack, id, {
    ruleCondition: Fn.conditionEquals(parameter.valueAsString, value),
    assertions: assertions.map(([assert, assertDescription]) => ({ assert, assertDescription })),
  });
}

function isNotEmpty(parameter: CfnParameter): ICfnRuleConditionExpression {
  return Fn.conditionNot(Fn.conditionEquals(parameter.valueAsString, ''));
}

function isNotEmptyList(parameter: CfnParameter): ICfnRuleConditionExpression {
  return Fn.conditionNot(Fn.conditionEachMemberEquals(parameter.valueAsList, ''));
}

/** A service that the job reaches by an interface endpoint, and what may be done through it. */
export interface ReachedService {
  readonly id: string;
  /** Name of the service after the region, such as `kinesis-streams`. */
  readonly service: string;
  /** Under a condition of its own, besides that endpoints are wanted. */
  readonly when?: CfnCondition;
  readonly statement: Statement;
}

/** Interface endpoints of the job's VPC, each for what this stack does and nothing else. */
export class VpcEndpoints extends Construct {
  constructor(stack: Stack, id: string, of: NetworkParameters, reached: readonly ReachedService[]) {
    super(stack, id);
    const isWanted = new CfnCondition(this, 'IsWanted', {
      expression: Fn.conditionAnd(
        isSet(of.MakeVpcEndpoints, 'true'),
        isGiven(of.VpcId),
        isGiven(of.SecurityGroupIds),
      ),
    });
    const group = new CfnSecurityGroup(this, 'SecurityGroup', {
      vpcId: of.VpcId.valueAsString,
      groupDescription: 'HTTPS from the job to the interface endpoints of the pipeline.',
      securityGroupIngress: [
        {
          description: 'HTTPS from the job',
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          sourceSecurityGroupId: Fn.select(0, of.SecurityGroupIds.valueAsList),
        },
      ],
      // Endpoints answer; they never call. Without a rule EC2 would let everything out.
      securityGroupEgress: [
        {
          description: 'Nothing',
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          cidrIp: '127.0.0.1/32',
        },
      ],
    });
    group.cfnOptions.condition = isWanted;
    for (const one of reached) {
      const endpoint = new CfnVPCEndpoint(this, one.id, {
        vpcEndpointType: 'Interface',
        serviceName: `com.amazonaws.${Aws.REGION}.${one.service}`,
        vpcId: of.VpcId.valueAsString,
        subnetIds: of.SubnetIds.valueAsList,
        securityGroupIds: [group.attrGroupId],
        privateDnsEnabled: true,
        policyDocument: ofThisAccount(one.statement),
      });
      endpoint.cfnOptions.condition = one.when ? both(this, one.id, isWanted, one.when) : isWanted;
    }
  }
}

/** A policy of a resource: identities of this account may, if their own policies say so as well. */
function ofThisAccount(statement: Statement): object {
  const { Statement: statements } = allowing({
    ...statement,
    condition: { StringEquals: { 'aws:PrincipalAccount': Aws.ACCOUNT_ID } },
  }) as { readonly Statement: readonly object[] };
  return {
    Version: '2012-10-17',
    Statement: statements.map((one) => ({ ...one, Principal: { AWS: '*' } })),
  };
}

function both(scope: Construct, id: string, one: CfnCondition, other: CfnCondition): CfnCondition {
  return new CfnCondition(scope, `${id}IsWanted`, { expression: Fn.conditionAnd(one, other) });
}
