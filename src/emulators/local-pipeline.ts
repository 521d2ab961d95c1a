import { Worker } from 'node:worker_threads';
import type { Runtime } from '../cli/runtime.ts';
import { localCredentials, type OpenStream, openEmbedded } from '../commands/shared/open-stream.ts';
import { FraudstreamError } from '../errors.ts';
import type { EngineEnd } from './engine-thread.ts';
import { localFlink } from './flink/local-flink.ts';
import { type EmbeddedKinesis, startEmbeddedKinesis } from './kinesis/embedded-kinesis.ts';
import type { KinesisFault } from './kinesis/faults.ts';
import { type LocalEndpoint, startEndpoint } from './sagemaker/endpoint.ts';
import type { EndpointFault } from './sagemaker/faults/fault.ts';

/** What an engine works between. */
export interface Services {
  readonly kinesis: EmbeddedKinesis;
  readonly endpoint: LocalEndpoint;
}

/** What scores from stream to stream. */
export interface PipelineEngine {
  close(): Promise<void>;
}

/** A whole pipeline on this machine: how it is set up. */
export interface LocalPipelineSettings<E extends PipelineEngine> {
  readonly shards: number;
  readonly faults: readonly KinesisFault[];
  readonly endpointFaults: readonly EndpointFault[];
  readonly start: (services: Services) => Promise<E>;
}

/** Streams, engine and endpoint on this machine, none on the thread of the load. */
export interface LocalPipeline<E extends PipelineEngine> {
  readonly input: OpenStream;
  readonly verdicts: OpenStream;
  readonly rejects: OpenStream;
  readonly engine: E;
  readonly place: string;
  close(): Promise<void>;
}

/** The part of the engine's report that others read. */
export interface EngineReport {
  readonly scoring: {
    readonly scored: number;
    readonly failed: number;
    readonly unscored: number;
    readonly requests: number;
    readonly retries: number;
    readonly rows_per_request: number;
    readonly service: { readonly p50_ms: number; readonly p99_ms: number };
  };
}

/** The engine of our own, on a thread of its own. */
export interface OwnEngine extends PipelineEngine {
  /** Lets it finish what it has taken; gives its report, as `score --output json` writes it. */
  finish(): Promise<EngineReport>;
}

const names = { input: 'transactions', verdicts: 'verdicts', rejects: 'rejects' } as const;

/** Starts it. Errors: `usage` for what cannot be started, and those of the engine. */
export async function openLocalPipeline<E extends PipelineEngine>({
  shards,
  faults,
  endpointFaults,
  start,
}: LocalPipelineSettings<E>): Promise<LocalPipeline<E>> {
  const streams = { [names.input]: shards, [names.verdicts]: shards, [names.rejects]: 1 };
  const kinesis = await startEmbeddedKinesis({ streams, faults });
  const endpoint = await startEndpoint({ faults: endpointFaults });
  const closeServices = async (): Promise<void> => {
    await endpoint.close();
    await kinesis.close();
  };
  const engine = await start({ kinesis, endpoint }).catch(async (error: unknown) => {
    await closeServices();
    throw error;
  });
  const [input, verdicts, rejects] = await Promise.all([
    openEmbedded(names.input, kinesis.url),
    openEmbedded(names.verdicts, kinesis.url),
    openEmbedded(names.rejects, kinesis.url),
  ]);
  return {
    input,
    verdicts,
    rejects,
    engine,
    place: `embedded Kinesis of ${shards} shards`,
    close: async () => {
      await engine.close();
      for (const stream of [input, verdicts, rejects]) await stream.close();
      await closeServices();
    },
  };
}

/** Starts our own engine, with more flags of `score`. */
export function ownEngine(flags: readonly string[]): (services: Services) => Promise<OwnEngine> {
  return async ({ kinesis, endpoint }) => startEngine(kinesis.url, endpoint, flags);
}

/** Starts the Flink job, with settings of its own; it is built where it has not been yet. */
export function flinkEngine(
  settings: ReadonlyMap<string, string>,
  runtime: Pick<Runtime, 'env' | 'err'>,
): (services: Services) => Promise<PipelineEngine> {
  return async (services) => {
    const values = { flink: true, flinkOption: settings };
    const job = await localFlink(values, [names.input], services, 'us-east-1', runtime);
    return { close: async () => job?.close() };
  };
}

function startEngine(
  kinesis: string,
  endpoint: { readonly url: string; readonly name: string },
  more: readonly string[],
): OwnEngine {
  const argv = [
    'score',
    ...['--endpoint-name', endpoint.name, '--endpoint-url', endpoint.url],
    ...['--from-stream', names.input, '--to-stream', names.verdicts],
    ...['--rejects-stream', names.rejects, '--kinesis-endpoint-url', kinesis],
    ...['--region', 'us-east-1', '--output', 'json', '--progress', 'none'],
    // A card's verdicts stand as its transactions do, or the pipeline would accuse itself.
    ...['--order', 'ordered', '--feature-order', 'event-time', ...more],
  ];
  const { accessKeyId, secretAccessKey } = localCredentials;
  const env = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  const worker = new Worker(new URL('./engine-thread.js', import.meta.url), {
    workerData: { argv },
    env,
  });
  const ended = new Promise<EngineEnd>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  // Whoever waits for the end hears of the error; nobody else has to.
  ended.catch(() => undefined);
  return {
    finish: async () => {
      worker.postMessage('stop');
      return reportOf(await ended);
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

function reportOf({ code, report, complaints }: EngineEnd): EngineReport {
  const line = report.trim();
  if (line !== '') return JSON.parse(line);
  const said = `The engine ended with ${code}: ${complaints.trim()}`;
  throw new FraudstreamError('unreachable', said.split('\n'));
}
