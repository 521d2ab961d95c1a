import type { Runtime } from '../../cli/runtime.ts';
import type { Contract } from '../../contract/contract.ts';
import { FraudstreamError } from '../../errors.ts';
import { inspect, type StreamCheck } from '../../kinesis/client/inspect-stream.ts';
import type { ClientSettings } from '../../kinesis/client/stream-client.ts';
import type { StackLocation } from '../../stack/client-config.ts';
import {
  jobState,
  parseStackLocation,
  type StackOutputs,
  stackOutputs,
} from '../../stack/stack.ts';
import { inspectContract } from './contract.ts';
import type { DoctorValues } from './flags.ts';
import { ofStreamAlone } from './of-stream-alone.ts';
import { inspectScoring } from './scoring.ts';

/** How the parts of a stack are reached; `url` instead of the API of the stack. */
export type InspectStackSettings = ClientSettings & DoctorValues;

/** Looks at each part of a deployed pipeline; a part that fails does not hide the others. */
export async function* inspectStack(
  name: string,
  settings: InspectStackSettings,
  runtime: Runtime,
  contract: Contract | undefined,
): AsyncGenerator<StreamCheck> {
  const place = parseStackLocation(settings, runtime.env.AWS_ENDPOINT_URL_KINESIS);
  let outputs: StackOutputs;
  try {
    outputs = await stackOutputs(name, place);
  } catch (problem) {
    yield { subject: 'stack', found: 'not usable', problem };
    return;
  }
  yield stackFinding(outputs);
  yield* inspectStreams(outputs, settings, runtime);
  if (contract) {
    const { inputStream: stream, verdictStream, region } = outputs;
    yield* inspectContract(contract, { ...settings, stream, verdictStream, region }, runtime);
  }
  yield await inspectJob(outputs, place);
  const scoring = { ...settings, url: settings.url ?? outputs.scoreUrl, region: outputs.region };
  yield await inspectScoring(scoring, runtime.clock);
}

function stackFinding({
  stackName,
  status,
  functionName,
  endpointName,
}: StackOutputs): StreamCheck {
  const scored =
    functionName === undefined ? `SageMaker endpoint ${endpointName}` : `Lambda ${functionName}`;
  const found = `${stackName} is ${status}, scores by ${scored}`;
  if (/^(CREATE|UPDATE|IMPORT)_COMPLETE$/.test(status)) return { subject: 'stack', found };
  const problem =
    'The stack is not complete. Look for the cause: aws cloudformation describe-stack-events.';
  return { subject: 'stack', found, problem };
}

/** Region, credentials and clock once, then each stream. */
async function* inspectStreams(
  { region, inputStream, verdictStream, rejectStream, labelStream }: StackOutputs,
  settings: InspectStackSettings,
  runtime: Runtime,
): AsyncGenerator<StreamCheck> {
  const { rate: perSecond } = settings;
  const input = { ...settings, stream: inputStream, region };
  yield* inspect(input, runtime.clock, { does: 'put', perSecond });
  for (const stream of [verdictStream, rejectStream, labelStream]) {
    if (stream === undefined) continue;
    const does = stream === labelStream ? 'put' : 'read';
    yield* ofStreamAlone({ ...settings, stream, region }, runtime, { does });
  }
}

async function inspectJob(outputs: StackOutputs, place: StackLocation): Promise<StreamCheck> {
  const { application, region, stackName } = outputs;
  const subject = 'Flink job';
  if (application === undefined) {
    return { subject, found: 'none in this stack', problem: 'Deploy the stack again.' };
  }
  try {
    const state = await jobState(application, { ...place, region });
    if (!state) {
      const problem =
        'To look at it: npm install @aws-sdk/client-kinesis-analytics-v2 beside fraudstream.';
      return { subject, found: `${application}, state not known`, problem };
    }
    const found = `${application} is ${state.status}, ${state.runtime}, version ${state.version}`;
    if (state.status === 'RUNNING') return { subject, found };
    const message = `The job does not run. Start it: pipeline/deploy.sh start --stack ${stackName}`;
    return { subject, found, problem: new FraudstreamError('unreachable', message) };
  } catch (cause) {
    const reason = String(cause);
    const message = `Its state could not be read (${reason}). The role needs kinesisanalytics:DescribeApplication.`;
    const problem = new FraudstreamError('unreachable', message, { cause });
    return { subject, found: application, problem };
  }
}
