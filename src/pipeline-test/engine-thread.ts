import { workerData } from 'node:worker_threads';
import type { Contract } from '../contract/contract.ts';
import {
  embeddedClient,
  embeddedReader,
  localCredentials,
} from '../emulators/kinesis/embedded-client.ts';
import { runWorkerService } from '../emulators/worker-service.ts';
import type { FeatureSource } from '../engine/feature-source.ts';
import { inlineTruth } from '../engine/ground-truth.ts';
import {
  type ScoreStreamResult,
  type ScoreStreamSettings,
  scoreStream,
} from '../engine/score-stream.ts';
import { type Acknowledge, ScoreSinks, StreamSink } from '../engine/sinks.ts';
import { contractFile } from '../files/contract-file.ts';
import type { IpSpace } from '../geoip/ip-space.ts';
import type { StreamClient } from '../kinesis/client/stream-client.ts';
import type { ScoringSummary } from '../metrics/scoring.ts';
import { systemClock as clock } from '../runtime.ts';
import { sageMakerClient } from '../scoring/clients/open-client.ts';
import { requestBody, scoreForm } from '../scoring/request/request-body.ts';
import type { ScoreClient } from '../scoring/score-client.ts';
import { scoreDefaults } from '../scoring/score-settings.ts';
import type { Label } from '../transactions/label.ts';

/** How the thread starts its engine. */
export interface EngineThreadSettings {
  readonly kinesisUrl: string;
  readonly endpoint: { readonly name: string; readonly url: string };
  readonly region: string;
  readonly streams: Readonly<Record<'input' | 'verdicts' | 'rejects', string>>;
  readonly threshold: number;
  readonly modelVersion: string | undefined;
  readonly batchRows: number;
  readonly ipSpace: IpSpace;
  /** The contract file of records that are not in our form. */
  readonly contract: string | undefined;
}

/** What the engine came to. `startedAt` is in epoch milliseconds. */
export interface EngineResult {
  readonly startedAt: number;
  /** Where its endpoint is. */
  readonly endpoint: string;
  readonly stream: string;
  readonly scoring: ScoringSummary;
  /** Records that held no transaction. */
  readonly unread: number;
  /** Transactions in aggregates outside their shard's range. */
  readonly outOfRange: number;
  /** Verdicts and rejects that their streams did not accept. */
  readonly undelivered: number;
}

/** To learn labels, before their transactions are put; or to score what was read and give the figures. */
export type EngineRequest = 'finish' | { readonly labels: readonly Label[] };

const CONTENT_TYPE = 'text/csv';
const CONNECT_TIMEOUT_MS = 2_000;

const settings: EngineThreadSettings = workerData;
const { streams, kinesisUrl } = settings;
const stop = new AbortController();

void runWorkerService<'reading', EngineRequest, EngineResult | undefined>(async () => {
  const endpoint = await openEndpoint();
  const input = await embeddedReader(streams.input, kinesisUrl);
  let onStart: () => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    onStart = resolve;
  });
  const dependencies = { clock, random: Math.random, truth: inlineTruth, stop: stop.signal };
  let features: Pick<FeatureSource, 'expect'> | undefined;
  const onFeatures = (opened: Pick<FeatureSource, 'expect'>): void => {
    features = opened;
  };
  const ended = scoreStream(input, endpoint, await streamSettings(), {
    ...dependencies,
    openSinks,
    onStart,
    onFeatures,
  });
  // An error that comes later is thrown when the engine is asked to finish.
  ended.catch(() => undefined);
  await Promise.race([started, ended]);
  return {
    ready: 'reading',
    handle: async (request) => {
      if (request !== 'finish') {
        for (const label of request.labels) features?.expect(label);
        return undefined;
      }
      stop.abort();
      return resultOf(await ended, endpoint);
    },
  };
});

function openEndpoint(): Promise<ScoreClient> {
  const { endpoint, region } = settings;
  return sageMakerClient(
    {
      ...{ endpointName: endpoint.name, endpointUrl: endpoint.url, region },
      ...{ targetVariant: undefined, inferenceComponent: undefined, profile: undefined },
      ...{ credentials: localCredentials, contentType: CONTENT_TYPE, accept: CONTENT_TYPE },
      ...{ connections: scoreDefaults.capacity, connectTimeoutMs: CONNECT_TIMEOUT_MS },
      transport: 'fast',
    },
    clock,
  );
}

async function openContract(): Promise<Contract | undefined> {
  return settings.contract === undefined ? undefined : contractFile(settings.contract);
}

async function streamSettings(): Promise<ScoreStreamSettings> {
  const { threshold, modelVersion, batchRows, ipSpace } = settings;
  const contract = await openContract();
  return {
    stream: streams.input,
    from: 'trim-horizon',
    features: 'computed',
    ipSpace,
    // Verdicts of a card are in the order of its transactions, or the pipeline would seem at fault.
    featureOrder: 'event-time',
    // What parity compares is put by id; else verdicts of one instant are in the order of their card, too.
    areShardsInOrder: true,
    scoring: { ...scoreDefaults, isOrdered: true, batchRows },
    form: scoreForm(requestBody(CONTENT_TYPE, CONTENT_TYPE, undefined), undefined),
    verdict: { threshold, modelVersion, withFeatures: true },
    costs: { missedFraud: 100, falseAlarm: 1 },
    warmUpMs: 1_000,
    checkpoint: undefined,
    checkpointIntervalMs: Number.POSITIVE_INFINITY,
    count: undefined,
    idleMs: undefined,
    labels: [],
    transactionForm: contract?.transactions,
  };
}

async function openSinks(acknowledge: Acknowledge): Promise<ScoreSinks> {
  const sinkOf = (client: StreamClient): StreamSink => {
    const output = { client, close: async () => client.close() };
    return new StreamSink(output, true, acknowledge, { clock, random: Math.random });
  };
  const verdicts = sinkOf(await embeddedClient(streams.verdicts, kinesisUrl));
  // Few or none: a thread of their own would take longer to start than to put them.
  const rejects = sinkOf(await embeddedReader(streams.rejects, kinesisUrl));
  const contract = await openContract();
  return new ScoreSinks(verdicts, rejects, undefined, undefined, {
    verdict: contract?.verdicts?.writer(),
    reject: contract?.rejects?.writer(),
  });
}

/** Errors: those that ended the engine before its first transaction. */
function resultOf(
  { startedAt, figures, failure, unread, outOfRange, undelivered }: ScoreStreamResult,
  { place }: ScoreClient,
): EngineResult {
  const { scoring } = figures;
  if (failure && scoring.transactions === 0) throw failure.error;
  const counts = { unread, outOfRange, undelivered };
  return { startedAt, endpoint: place, stream: streams.input, scoring, ...counts };
}
