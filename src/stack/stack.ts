import { type ErrorCode, FraudstreamError } from '../errors.ts';
import { guardCalls, NO_REGION, noCredentials } from '../http/sdk-client.ts';
import { optionalPackage } from '../optional-package.ts';
import { callTimeoutMs, clientConfig, type StackLocation } from './client-config.ts';

const PERMISSION =
  /^(AccessDenied|UnrecognizedClient|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken|InvalidSignature)/;
const CREDENTIALS = /^(CredentialsProviderError|TokenProviderError)$/;

/** Why a stack could not be read, and what to do about it. */
export function stackError(
  error: unknown,
  stack: string,
  location: StackLocation,
): FraudstreamError {
  if (error instanceof FraudstreamError) return error;
  const { name, message } = error instanceof Error ? error : { name: '', message: String(error) };
  const where = location.endpointUrl ?? (location.region ? `region ${location.region}` : 'AWS');
  const [code, advice] = adviceFor(name, message, stack, where);
  return new FraudstreamError(code, advice, { cause: error });
}

function adviceFor(
  name: string,
  message: string,
  stack: string,
  where: string,
): readonly [ErrorCode, string] {
  const said = `${name}: ${message}`;
  if (/region is missing/i.test(message)) {
    return ['bad-config', NO_REGION];
  }
  if (CREDENTIALS.test(name)) {
    return ['no-credentials', noCredentials(said)];
  }
  if (PERMISSION.test(name)) {
    return [
      'no-permission',
      `${where} refused these credentials (${said}). Check --profile, or give the role cloudformation:DescribeStacks.`,
    ];
  }
  if (/does not exist/.test(message)) {
    return [
      'not-found',
      `There is no stack "${stack}" at ${where}. Check --stack and --region, or deploy one: docs/deploy.md.`,
    ];
  }
  return ['unreachable', `Stack "${stack}" could not be read at ${where} (${said}).`];
}

/**
 * The outputs of a stack of pipeline/templates: names of its parts.
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
export async function stackOutputs(name: string, location: StackLocation): Promise<StackOutputs> {
  const { CloudFormationClient, DescribeStacksCommand } = await client();
  const sdk = new CloudFormationClient(clientConfig(location));
  guardCalls(sdk, callTimeoutMs(location));
  try {
    const answer = await sdk.send(new DescribeStacksCommand({ StackName: name }));
    const [stack] = answer.Stacks ?? [];
    if (!stack) throw new Error('the answer to DescribeStacks has no Stacks');
    const outputs = new Map(stack.Outputs?.map((one) => [one.OutputKey, one.OutputValue]));
    return outputsOf(name, stack.StackStatus ?? 'unknown', await sdk.config.region(), (key) =>
      outputs.get(key),
    );
  } catch (error) {
    throw stackError(error, name, location);
  } finally {
    sdk.destroy();
  }
}

function outputsOf(
  stackName: string,
  status: string,
  region: string,
  output: (key: string) => string | undefined,
): StackOutputs {
  const needed = (key: string): string => {
    const value = output(key);
    if (value !== undefined) return value;
    const message = `Stack "${stackName}" (${status}) has no output ${key}: it was not made from pipeline/templates, or is not created yet. Check --stack.`;
    throw new FraudstreamError('bad-config', message);
  };
  return {
    stackName,
    status,
    region,
    inputStream: needed('InputStream'),
    verdictStream: needed('VerdictStream'),
    rejectStream: needed('RejectStream'),
    labelStream: output('LabelStream'),
    scoreUrl: needed('ScoreUrl'),
    endpointName: output('Endpoint'),
    functionName: output('Function'),
    application: output('Application'),
  };
}

function client(): Promise<typeof import('@aws-sdk/client-cloudformation')> {
  const use = {
    name: '@aws-sdk/client-cloudformation',
    purpose: 'Reading a stack',
    instead: 'name the parts by --stream and --url',
  };
  return optionalPackage(use, () => import('@aws-sdk/client-cloudformation'));
}

/** What Managed Service for Apache Flink says of an application. */
export interface JobState {
  /** READY is stopped, RUNNING runs. */
  readonly status: string;
  readonly runtime: string;
  /** Version of its code and settings. */
  readonly version: number;
}

/**
 * The state of a Flink application; `undefined` where its package is not installed.
 *
 * `@aws-sdk/client-kinesis-analytics-v2` is asked for only here: it does not come with fraudstream.
 * Errors: those of the service, as they are.
 */
export async function jobState(
  name: string,
  location: StackLocation,
): Promise<JobState | undefined> {
  const sdk = await import('@aws-sdk/client-kinesis-analytics-v2').catch(() => undefined);
  if (!sdk) return undefined;
  const client = new sdk.KinesisAnalyticsV2Client(clientConfig(location));
  guardCalls(client, callTimeoutMs(location));
  try {
    const command = new sdk.DescribeApplicationCommand({ ApplicationName: name });
    const { ApplicationDetail: detail } = await client.send(command);
    if (!detail?.ApplicationStatus) {
      throw new Error('the answer to DescribeApplication has no ApplicationStatus');
    }
    return {
      status: detail.ApplicationStatus,
      runtime: detail.RuntimeEnvironment ?? 'unknown',
      version: detail.ApplicationVersionId ?? 0,
    };
  } finally {
    client.destroy();
  }
}

/** Where the services of a stack other than Kinesis are: an endpoint that is Kinesis alone is not theirs. */
export function parseStackLocation(
  { region, profile, endpointUrl, requestTimeoutMs, connectTimeoutMs }: StackLocation,
  kinesisUrl: string | undefined,
): StackLocation {
  const timeouts = { requestTimeoutMs, connectTimeoutMs };
  const isKinesis = endpointUrl === kinesisUrl;
  return { region, profile, endpointUrl: isKinesis ? undefined : endpointUrl, ...timeouts };
}
