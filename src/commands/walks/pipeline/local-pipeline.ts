import { Worker } from 'node:worker_threads';
import { FraudstreamError } from '../../../fraudstream-error.ts';
import { startEmbeddedKinesis } from '../../../local/embedded-kinesis.ts';
import { startEndpoint } from '../../../local/endpoint/endpoint.ts';
import type { EndpointFault } from '../../../local/endpoint/faults/fault.ts';
import type { Fault } from '../../../local/fault.ts';
import { localCredentials, type OpenStream, openEmbedded } from '../stream.ts';
import type { EngineEnd } from './engine-thread.ts';

/** A whole pipeline on this machine: how it is set up. */
export interface LocalPipelineSettings {
  readonly shards: number;
  readonly faults: readonly Fault[];
  readonly endpointFaults: readonly EndpointFault[];
  /** More flags of `score` for the engine. */
  readonly engine: readonly string[];
}

/** Streams, engine and endpoint of this process, each on a thread of its own. */
export interface LocalPipeline {
  readonly input: OpenStream;
  readonly verdicts: OpenStream;
  readonly rejects: OpenStream;
  readonly place: string;
  /** Lets the engine finish what it has taken; gives its report, as `score --output json` writes it. */
  finish(): Promise<EngineReport>;
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

const names = { input: 'transactions', verdicts: 'verdicts', rejects: 'rejects' } as const;

/** Starts it. Errors: `usage` for what cannot be started. */
export async function openLocalPipeline(settings: LocalPipelineSettings): Promise<LocalPipeline> {
  const { shards, faults, endpointFaults } = settings;
  const streams = { [names.input]: shards, [names.verdicts]: shards, [names.rejects]: 1 };
  const kinesis = await startEmbeddedKinesis({ streams, faults });
  const endpoint = await startEndpoint({ faults: endpointFaults });
  const [input, verdicts, rejects] = await Promise.all([
    openEmbedded(names.input, kinesis.url),
    openEmbedded(names.verdicts, kinesis.url),
    openEmbedded(names.rejects, kinesis.url),
  ]);
  const engine = startEngine(kinesis.url, endpoint, settings.engine);
  return {
    input,
    verdicts,
    rejects,
    place: `embedded Kinesis of ${shards} shards`,
    finish: () => engine.finish(),
    close: async () => {
      await engine.close();
      for (const stream of [input, verdicts, rejects]) await stream.close();
      await endpoint.close();
      await kinesis.close();
    },
  };
}

function startEngine(
  kinesis: string,
  endpoint: { readonly url: string; readonly name: string },
  more: readonly string[],
): { finish(): Promise<EngineReport>; close(): Promise<void> } {
  const argv = [
    'score',
    ...['--endpoint-name', endpoint.name, '--endpoint-url', endpoint.url],
    ...['--from-stream', names.input, '--to-stream', names.verdicts],
    ...['--rejects-stream', names.rejects, '--kinesis-endpoint-url', kinesis],
    ...['--region', 'us-east-1', '--output', 'json', '--progress', 'none', ...more],
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
  throw new FraudstreamError('unreachable', `The engine ended with ${code}: ${complaints.trim()}`);
}
