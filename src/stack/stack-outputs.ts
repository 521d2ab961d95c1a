import { FraudstreamError } from '../fraudstream-error.ts';
import { limitCalls } from '../http/bounded-handler.ts';
import { callTimeoutMs, clientConfig } from './client-config.ts';
import { stackError } from './stack-error.ts';

/** Which AWS, and who asks; what is absent is found as the AWS command line does. */
export interface StackPlace {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
  /** Instead of the endpoint of AWS. */
  readonly endpointUrl?: string | undefined;
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/**
 * What a stack of pipeline/templates tells of itself: names of its parts.
 *
 * One of `endpointName` (SageMaker) and `functionName` (Lambda) is there. `status` is CloudFormation's.
 */
export interface StackOutputs {
  readonly stackName: string;
  readonly status: string;
  readonly region: string;
  readonly inputStream: string;
  readonly verdictStream: string;
  readonly rejectStream: string;
  readonly labelStream: string | undefined;
  readonly scoreUrl: string;
  readonly endpointName: string | undefined;
  readonly functionName: string | undefined;
  /** The Flink application. */
  readonly application: string | undefined;
}

/**
 * Reads the outputs of a deployed pipeline.
 *
 * `@aws-sdk/client-cloudformation` is asked for only here: it does not come with fraudstream.
 * Errors: `usage` without the package, `not-found` without the stack, `bad-config` for a stack of something else
 * or without a region, `no-credentials`, `no-permission`, `unreachable`.
 */
export async function stackOutputs(name: string, place: StackPlace): Promise<StackOutputs> {
  const { CloudFormationClient, DescribeStacksCommand } = await client();
  const sdk = new CloudFormationClient(clientConfig(place));
  limitCalls(sdk.middlewareStack, callTimeoutMs(place));
  try {
    const answer = await sdk.send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = answer.Stacks ?? [];
    if (!stack) throw new Error('the answer to DescribeStacks has no Stacks');
    const told = new Map(stack.Outputs?.map((one) => [one.OutputKey, one.OutputValue]));
    return outputsOf(name, stack.StackStatus ?? 'unknown', await sdk.config.region(), (key) =>
      told.get(key),
    );
  } catch (error) {
    throw stackError(error, name, place);
  } finally {
    sdk.destroy();
  }
}

function outputsOf(
  stackName: string,
  status: string,
  region: string,
  told: (key: string) => string | undefined,
): StackOutputs {
  const needed = (key: string): string => {
    const value = told(key);
    if (value !== undefined) return value;
    const message = `Stack "${stackName}" (${status}) tells no ${key}: it is none of pipeline/templates, or not made yet. Check --stack.`;
    throw new FraudstreamError('bad-config', message);
  };
  return {
    stackName,
    status,
    region,
    inputStream: needed('InputStream'),
    verdictStream: needed('VerdictStream'),
    rejectStream: needed('RejectStream'),
    labelStream: told('LabelStream'),
    scoreUrl: needed('ScoreUrl'),
    endpointName: told('Endpoint'),
    functionName: told('Function'),
    application: told('Application'),
  };
}

async function client(): Promise<typeof import('@aws-sdk/client-cloudformation')> {
  try {
    return await import('@aws-sdk/client-cloudformation');
  } catch (cause) {
    const message =
      'Reading a stack needs a package that is not installed. Run "npm install @aws-sdk/client-cloudformation" beside fraudstream, or name the parts by --stream and --url.';
    throw new FraudstreamError('usage', message, { cause });
  }
}
