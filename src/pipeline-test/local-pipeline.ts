import type { FlinkJob } from '../emulators/flink/flink-job.ts';
import { type FlinkDependencies, startLocalFlink } from '../emulators/flink/local-flink.ts';
import {
  embeddedClient,
  embeddedReader,
  embeddedSettings,
} from '../emulators/kinesis/embedded-client.ts';
import {
  type EmbeddedKinesis,
  startEmbeddedKinesis,
} from '../emulators/kinesis/embedded-kinesis.ts';
import type { KinesisFault } from '../emulators/kinesis/faults.ts';
import { type LocalEndpoint, startEndpoint } from '../emulators/sagemaker/endpoint.ts';
import type { EndpointFault } from '../emulators/sagemaker/faults/fault.ts';
import { WorkerService } from '../emulators/worker-service.ts';
import { FraudstreamError } from '../errors.ts';
import type { IpSpace } from '../geoip/ip-space.ts';
import { fanOutName, openFanOut } from '../kinesis/client/fan-out.ts';
import type { StreamClient } from '../kinesis/client/stream-client.ts';
import { producerDefaults } from '../kinesis/producer/producer-settings.ts';
import { put } from '../kinesis/producer/put.ts';
import type { ReadClient } from '../kinesis/read-client.ts';
import { loadModel } from '../model/model.ts';
import { modelBytes } from '../model/shipped-model.ts';
import type { Clock } from '../stream/clock.ts';
import { type Label, labelLine } from '../transactions/label.ts';
import type { EngineRequest, EngineResult, EngineThreadSettings } from './engine-thread.ts';
import type { Pipeline } from './pipeline.ts';
import { shardVerdicts } from './verdict-sources/shard-verdicts.ts';
import type { VerdictSource } from './verdict-sources/verdict-source.ts';

/** The emulators that an engine reads from, scores with and writes to. */
export interface LocalServices {
  readonly kinesis: EmbeddedKinesis;
  readonly endpoint: LocalEndpoint;
  /** Of the stream that the engine reads. */
  readonly shards: number;
}

/** What scores from stream to stream. */
export interface PipelineEngine {
  close(): Promise<void>;
  /** Takes labels before their transactions; absent where the engine takes none from here. */
  learn?(labels: readonly Label[]): Promise<void>;
}

/** Starts an engine between the emulators. */
export type StartEngine<Engine extends PipelineEngine> = (
  services: LocalServices,
) => Promise<Engine>;

/** How a pipeline on this machine is set up. */
export interface LocalPipelineSettings {
  /** Of the streams of transactions and of verdicts; 4 unless given. */
  readonly shards?: number;
  readonly faults?: readonly KinesisFault[];
  readonly endpointFaults?: readonly EndpointFault[];
  /** With it, verdicts and rejects are read with enhanced fan-out. */
  readonly fanOut?: { readonly clock: Clock; readonly random: () => number };
  /** A booster that XGBoost saved; the one that comes with the package unless given. */
  readonly model?: Uint8Array;
}

/** Streams, engine and endpoint on this machine, none of them on the calling thread. */
export interface LocalPipeline<Engine extends PipelineEngine> extends Pipeline, LocalServices {
  readonly input: StreamClient;
  /** The stream that `verdicts` reads. */
  readonly verdictStream: StreamClient;
  readonly rejects: VerdictSource;
  readonly engine: Engine;
  /** Ends the engine, the clients and the emulators. */
  close(): Promise<void>;
}

const streams = {
  input: 'transactions',
  verdicts: 'verdicts',
  rejects: 'rejects',
  labels: 'labels',
} as const;
const REGION = 'us-east-1';

/**
 * Starts a whole pipeline on this machine: embedded Kinesis, scoring endpoint and engine.
 *
 * `startEngine` is `ownEngine(...)` or `flinkEngine(...)`. Errors: `usage` for what cannot be started,
 * and those of the engine; then nothing is left running.
 */
export async function startLocalPipeline<Engine extends PipelineEngine>(
  startEngine: StartEngine<Engine>,
  {
    shards = 4,
    faults = [],
    endpointFaults = [],
    model = modelBytes(),
    fanOut,
  }: LocalPipelineSettings = {},
): Promise<LocalPipeline<Engine>> {
  const closing: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of closing.splice(0).reverse()) await each();
  };
  const open = async <T>(started: Promise<T>, end: (value: T) => Promise<void>): Promise<T> => {
    const value = await started;
    closing.push(() => end(value));
    return value;
  };
  const opened = (client: Promise<StreamClient>): Promise<StreamClient> =>
    open(client, async (opened) => opened.close());
  const reader = async (
    client: StreamClient,
    stream: string,
    { url }: EmbeddedKinesis,
  ): Promise<ReadClient> => {
    if (!fanOut) return client;
    const settings = { ...embeddedSettings(stream, url), consumerName: fanOutName(fanOut.random) };
    const stop = new AbortController().signal;
    const opening = openFanOut(settings, client, { clock: fanOut.clock, stop });
    return (await open(opening, (opened) => opened.close())).client;
  };
  try {
    const shardsOf = {
      ...{ [streams.input]: shards, [streams.verdicts]: shards },
      ...{ [streams.rejects]: 1, [streams.labels]: 1 },
    };
    const kinesis = await open(startEmbeddedKinesis({ streams: shardsOf, faults }), (started) =>
      started.close(),
    );
    const endpoint = await open(startEndpoint({ model, faults: endpointFaults }), (started) =>
      started.close(),
    );
    const input = await opened(embeddedClient(streams.input, kinesis.url));
    const verdicts = await opened(embeddedReader(streams.verdicts, kinesis.url));
    const rejects = await opened(embeddedReader(streams.rejects, kinesis.url));
    const engine = await open(startEngine({ kinesis, endpoint, shards }), (started) =>
      started.close(),
    );
    return {
      ...{ kinesis, endpoint, shards, input, engine, close },
      verdictStream: verdicts,
      verdicts: shardVerdicts(await reader(verdicts, streams.verdicts, kinesis), streams.verdicts),
      rejects: shardVerdicts(await reader(rejects, streams.rejects, kinesis), streams.rejects),
      learn: engine.learn?.bind(engine),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** How the engine of fraudstream scores. */
export interface OwnEngineSettings {
  /** The score from which a transaction counts as fraud; that of the shipped model unless given. */
  readonly threshold?: number | undefined;
  /** Written into verdicts; that which the endpoint reports unless given. */
  readonly modelVersion?: string | undefined;
  /** Transactions in a request at most; 16 unless given. */
  readonly batchRows?: number;
  /** The contract file of records that are not in our form. */
  readonly contract?: string | undefined;
  /** The address table of the features; `public` unless given. */
  readonly ipSpace?: IpSpace;
}

/** The engine of fraudstream in a worker thread. */
export interface OwnEngine extends PipelineEngine {
  /**
   * Stops reading, scores what was read, and gives the figures.
   *
   * Errors: those that ended the engine before its first transaction.
   */
  finish(): Promise<EngineResult>;
  learn(labels: readonly Label[]): Promise<void>;
}

const BATCH_ROWS = 16;

/** Starts the engine of fraudstream in a worker thread: what `score --from-stream` does. */
export function ownEngine(settings: OwnEngineSettings = {}): StartEngine<OwnEngine> {
  return async ({ kinesis, endpoint }) => {
    const { threshold = loadModel(modelBytes()).threshold } = settings;
    const { batchRows = BATCH_ROWS, ipSpace = 'public' } = settings;
    const { name, url } = endpoint;
    const service = await WorkerService.start<'reading', EngineRequest, EngineResult>(
      'The engine',
      new URL('./engine-thread.js', import.meta.url),
      {
        ...{ kinesisUrl: kinesis.url, endpoint: { name, url }, region: REGION, streams },
        ...{ threshold, batchRows, ipSpace, contract: settings.contract },
        modelVersion: settings.modelVersion,
      } satisfies EngineThreadSettings,
      ENGINE_ENV,
    );
    return {
      finish: () => service.request('finish'),
      learn: async (labels) => void (await service.request({ labels })),
      close: () => service.close(),
    };
  };
}

/** The settings of AWS in the environment are of other services than these. */
const ENGINE_ENV = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };

/** What the Flink job on this machine needs from its caller; clock and randomness are those of the puts of labels. */
export interface FlinkEngineDependencies extends FlinkDependencies {
  readonly clock: Clock;
  readonly random: () => number;
}

/**
 * Starts the Flink job; `options` are its settings by name. Builds the jar where it is missing.
 *
 * It takes labels through a stream of labels, unless `options` name another. Errors: those of `startLocalFlink`.
 */
export function flinkEngine(
  options: ReadonlyMap<string, string>,
  dependencies: FlinkEngineDependencies,
): StartEngine<PipelineEngine> {
  const takesLabels = !options.has(LABELS_STREAM);
  const all = takesLabels ? new Map([...options, [LABELS_STREAM, streams.labels]]) : options;
  return async ({ kinesis, endpoint, shards }) => {
    const settings = {
      kinesis,
      endpoint,
      inputStream: streams.input,
      region: REGION,
      options: all,
    };
    const job = await startLocalFlink(settings, dependencies);
    if (!OTHER_INPUT.some((name) => options.has(name))) {
      await untilRead(job, kinesis, shards, dependencies);
    }
    if (!takesLabels) return job;
    const client = await embeddedReader(streams.labels, kinesis.url);
    return {
      learn: (labels) => putLabels(labels, client, dependencies),
      close: async () => {
        client.close();
        await job.close();
      },
    };
  };
}

const LABELS_STREAM = 'labels-stream';
/** Options with which the job reads another stream than that of the pipeline. */
const OTHER_INPUT = ['from-stream', 'kinesis-endpoint-url'];
/** The job begins to read within seconds; on a machine with more to do than it can, within a minute. */
const FIRST_READ_MS = 120_000;
const LOOK_MS = 50;

/**
 * Resolves when the job reads every shard, or has ended.
 *
 * A job runs before it looks for shards: what is put until then waits for the start of the job, and verdicts are late by it.
 */
async function untilRead(
  job: FlinkJob,
  kinesis: EmbeddedKinesis,
  shards: number,
  { clock, notify }: FlinkEngineDependencies,
): Promise<void> {
  const ended = job.ended.then(() => true);
  const deadline = clock.now() + FIRST_READ_MS;
  while (clock.now() < deadline) {
    const { requests } = await kinesis.statistics();
    const begun = (requests.GetShardIterator ?? 0) + (requests.SubscribeToShard ?? 0);
    if (begun >= shards) return;
    if (await Promise.race([ended, clock.sleep(LOOK_MS)])) return;
  }
  const seconds = FIRST_READ_MS / 1_000;
  await notify(
    `The Flink job does not read every shard ${seconds} s after its start: verdicts can be late by it.`,
  );
}

/** Resolves when the stream has all of them. Errors: `unreachable` when it does not take one. */
async function putLabels(
  labels: readonly Label[],
  client: StreamClient,
  { clock, random }: FlinkEngineDependencies,
): Promise<void> {
  const due = labels.map((label) => {
    const { transaction_id: id, merchant_id: merchant, terminal_id: terminal } = label;
    const record = {
      id,
      partitionKey: merchant ?? terminal ?? id,
      data: Buffer.from(labelLine(label)),
    };
    return { dueAt: Number.NaN, record };
  });
  const stop = new AbortController().signal;
  const receipts = put(inOneGroup(due), client, { clock, random, stop }, producerDefaults);
  for await (const group of receipts) {
    const refused = group.find((receipt) => !receipt.isAccepted);
    if (refused === undefined) continue;
    const message = `The stream ${streams.labels} of the local pipeline did not take the label of ${refused.id}: ${refused.errorCode}.`;
    throw new FraudstreamError('unreachable', message);
  }
}

async function* inOneGroup<T>(group: readonly T[]): AsyncGenerator<readonly T[], void, undefined> {
  yield group;
}
