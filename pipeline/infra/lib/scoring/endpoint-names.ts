import { Aws, type CfnCondition, type CfnParameter, Fn } from 'aws-cdk-lib';
import { either, isGiven } from '../parameter.ts';
import { arnHere } from '../policy.ts';

/** Names of a stack's endpoint, one for each instance type that it may have. */
export interface EndpointNames {
  /** The endpoint as it is deployed now, such as `fraudstream-ml-c7i-large`. */
  readonly now: string;
  /** The endpoint, where it is known to be on instances. */
  readonly onInstances: string;
  /** Any of them, with a wildcard, for policies. */
  readonly any: string;
  readonly anyArn: string;
}

/**
 * Names an endpoint after its stack and its instance type.
 *
 * SageMaker refuses another instance type for a variant that scales ("Update endpoints that use auto scaling"). With
 * the type in the name CloudFormation makes a new endpoint beside the old one, moves the callers, and deletes the old
 * one with its scaling. Roles allow all names of the stack, so that both serve until then.
 */
export function endpointNames(
  name: CfnParameter,
  instanceType: CfnParameter,
  isServerless: CfnCondition,
): EndpointNames {
  const first = either(isGiven(name), name.valueAsString, Aws.STACK_NAME);
  const type = Fn.join('-', Fn.split('.', instanceType.valueAsString));
  const now = either(isServerless, 'ml-serverless', type);
  const any = `${first}-ml-*`;
  return {
    now: Fn.join('-', [first, now]),
    onInstances: Fn.join('-', [first, type]),
    any,
    anyArn: arnHere('sagemaker', `endpoint/${any}`),
  };
}
