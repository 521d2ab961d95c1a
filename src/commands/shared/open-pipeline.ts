import type { Runtime } from '../../cli/runtime.ts';
import type { EndpointFault } from '../../emulators/sagemaker/faults/fault.ts';
import type { IpSpace } from '../../geoip/ip-space.ts';
import {
  flinkEngine,
  type LocalPipelineSettings,
  ownEngine,
  type PipelineEngine,
  type StartEngine,
  startLocalPipeline,
} from '../../pipeline-test/local-pipeline.ts';
import type { Pipeline } from '../../pipeline-test/pipeline.ts';
import { parseStackLocation } from '../../stack/stack.ts';
import {
  type OpenStream,
  openRemote,
  type RemoteValues,
  type StreamValues,
} from './open-stream.ts';
import { thresholdOf } from './scoring-settings.ts';

/** The flags that name the pipeline under test. */
export interface PipelineValues extends StreamValues {
  /** Names all three streams instead of the flags. */
  readonly stack: string | undefined;
  readonly verdictStream: string;
  readonly rejectStream: string | undefined;
  readonly endpointFaults: readonly EndpointFault[];
  readonly engine: 'own' | 'flink';
  readonly flinkOption: ReadonlyMap<string, string>;
  readonly ipSpace: IpSpace;
  readonly threshold: number | undefined;
}

/** A pipeline that is open; `place` says where it is, for people. */
export interface OpenPipeline extends Pipeline {
  readonly place: string;
  close(): Promise<void>;
}

type Dependencies = Pick<Runtime, 'env' | 'err'>;

/** Opens the pipeline of the flags: a deployed one, or with `--local` one on this machine. */
export function openPipeline(values: PipelineValues, runtime: Dependencies): Promise<OpenPipeline> {
  return values.local ? openLocalPipeline(values, runtime) : openDeployed(values, runtime);
}

async function openLocalPipeline(
  values: PipelineValues,
  runtime: Dependencies,
): Promise<OpenPipeline> {
  const { shards, fault: faults, endpointFaults, engine } = values;
  const startEngine = await engineOf(values, runtime);
  const local = await startLocalPipeline(startEngine, { shards, faults, endpointFaults });
  const name = engine === 'flink' ? 'the Flink job' : 'an engine';
  const place = `${embeddedPlace({ shards })}, ${name} and a scoring endpoint on this machine`;
  return { ...local, place };
}

/** What a report says of where the streams of a local pipeline are. */
export function embeddedPlace({ shards }: Required<Pick<LocalPipelineSettings, 'shards'>>): string {
  return `embedded Kinesis of ${shards} shards`;
}

async function engineOf(
  values: PipelineValues,
  { env, err }: Dependencies,
): Promise<StartEngine<PipelineEngine>> {
  const threshold = await thresholdOf(values);
  if (values.engine === 'own') return ownEngine({ threshold, ipSpace: values.ipSpace });
  const judging = {
    threshold: String(threshold),
    'batch-rows': '16',
    'with-features': 'true',
    'ip-space': values.ipSpace,
  };
  const options = new Map([...Object.entries(judging), ...values.flinkOption]);
  return flinkEngine(options, { env, notify: (text) => err.print(text) });
}

async function openDeployed(
  values: PipelineValues,
  runtime: Pick<Runtime, 'env'>,
): Promise<OpenPipeline> {
  const names = await namesOf(values, runtime);
  const open: OpenStream[] = [];
  const close = async (): Promise<void> => {
    for (const stream of open) await stream.close();
  };
  const opened = async (name: string, flag: string): Promise<OpenStream> => {
    const flags = {
      stream: values.stack === undefined ? flag : '--stack',
      endpointUrl: '--endpoint-url',
    };
    const stream = await openRemote({ ...values, ...names.place, stream: name, flags });
    open.push(stream);
    return stream;
  };
  try {
    const input = await opened(names.input, '--stream');
    const verdicts = await opened(names.verdicts, '--verdict-stream');
    const rejects =
      names.rejects === undefined ? undefined : await opened(names.rejects, '--reject-stream');
    const place = `${input.name} to ${verdicts.name} (${input.place})`;
    return {
      input: input.client,
      verdicts: verdicts.client,
      rejects: rejects?.client,
      place,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The streams of the flags, or those that a stack names. */
async function namesOf(
  values: PipelineValues,
  runtime: Pick<Runtime, 'env'>,
): Promise<{
  readonly input: string;
  readonly verdicts: string;
  readonly rejects: string | undefined;
  readonly place: Partial<RemoteValues>;
}> {
  const { stream, stack, verdictStream, rejectStream } = values;
  if (stack === undefined) {
    return { input: stream, verdicts: verdictStream, rejects: rejectStream, place: {} };
  }
  const { stackOutputs } = await import('../../stack/stack.ts');
  const { requestTimeout: requestTimeoutMs, connectTimeout: connectTimeoutMs } = values;
  const location = { ...values, requestTimeoutMs, connectTimeoutMs };
  const outputs = await stackOutputs(
    stack,
    parseStackLocation(location, runtime.env.AWS_ENDPOINT_URL_KINESIS),
  );
  return {
    input: outputs.inputStream,
    verdicts: outputs.verdictStream,
    rejects: rejectStream ?? outputs.rejectStream,
    place: { region: outputs.region },
  };
}
