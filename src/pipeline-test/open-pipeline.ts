import type { Runtime } from '../cli/runtime.ts';
import {
  type OpenStream,
  openRemote,
  type RemoteValues,
  type StreamValues,
} from '../commands/shared/open-stream.ts';
import {
  flinkEngine,
  openLocalPipeline,
  ownEngine,
  type PipelineEngine,
} from '../emulators/local-pipeline.ts';
import type { EndpointFault } from '../emulators/sagemaker/faults/fault.ts';
import { parseStackLocation } from '../stack/stack.ts';

/** What the flags say about the pipeline under test. */
export interface PipelineValues extends StreamValues {
  /** Names all three streams instead of the flags. */
  readonly stack: string | undefined;
  readonly verdictStream: string;
  readonly rejectStream: string | undefined;
  readonly endpointFaults: readonly EndpointFault[];
  readonly engine: 'own' | 'flink';
  readonly flinkOption: ReadonlyMap<string, string>;
}

/** A pipeline from outside: where transactions go in, and where verdicts and dead letters come out. */
export interface Pipeline {
  readonly input: OpenStream;
  readonly verdicts: OpenStream;
  readonly rejects: OpenStream | undefined;
  readonly place: string;
  close(): Promise<void>;
}

/** Opens the pipeline of the flags: a deployed one, or with `--local` one of this process. */
export function openPipeline(
  values: PipelineValues,
  threshold: number,
  runtime: Pick<Runtime, 'env' | 'err'>,
): Promise<Pipeline> {
  return values.local ? openOwn(values, threshold, runtime) : openDeployed(values, runtime);
}

async function openOwn(
  values: PipelineValues,
  threshold: number,
  runtime: Pick<Runtime, 'env' | 'err'>,
): Promise<Pipeline> {
  const { shards, fault: faults, endpointFaults, engine, flinkOption } = values;
  const judged = { threshold: String(threshold), 'batch-rows': '16' };
  const start =
    engine === 'flink'
      ? flinkEngine(
          new Map([...Object.entries({ ...judged, 'with-features': 'true' }), ...flinkOption]),
          runtime,
        )
      : ownEngine([
          ...Object.entries(judged).flatMap(([name, value]) => [`--${name}`, value]),
          '--with-features',
        ]);
  const own = await openLocalPipeline<PipelineEngine>({ shards, faults, endpointFaults, start });
  const name = engine === 'flink' ? 'the Flink job' : 'an engine';
  return { ...own, place: `${own.place}, ${name} and a scoring endpoint on this machine` };
}

async function openDeployed(
  values: PipelineValues,
  runtime: Pick<Runtime, 'env'>,
): Promise<Pipeline> {
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
    return { input, verdicts, rejects, place, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The streams of the flags, or those that a stack tells of. */
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
  const { stackOutputs } = await import('../stack/stack.ts');
  const { requestTimeout: requestTimeoutMs, connectTimeout: connectTimeoutMs } = values;
  const place = { ...values, requestTimeoutMs, connectTimeoutMs };
  const told = await stackOutputs(
    stack,
    parseStackLocation(place, runtime.env.AWS_ENDPOINT_URL_KINESIS),
  );
  return {
    input: told.inputStream,
    verdicts: told.verdictStream,
    rejects: rejectStream ?? told.rejectStream,
    place: { region: told.region },
  };
}
