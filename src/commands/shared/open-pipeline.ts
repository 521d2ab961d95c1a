import { resolve } from 'node:path';
import type { Runtime } from '../../cli/runtime.ts';
import type { Contract } from '../../contract/contract.ts';
import type { VerdictBytes } from '../../contract/verdicts-contract.ts';
import type { EndpointFault } from '../../emulators/sagemaker/faults/fault.ts';
import { FraudstreamError } from '../../errors.ts';
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
import { shardVerdicts } from '../../pipeline-test/verdict-sources/shard-verdicts.ts';
import type { ServiceLocation } from '../../pipeline-test/verdict-sources/source-service.ts';
import type { VerdictLocation } from '../../pipeline-test/verdict-sources/verdict-location.ts';
import type { VerdictSource } from '../../pipeline-test/verdict-sources/verdict-source.ts';
import { parseStackLocation } from '../../stack/stack.ts';
import { openReader, type ReaderValues } from './open-reader.ts';
import {
  type OpenStream,
  openRemote,
  type RemoteValues,
  type StreamValues,
} from './open-stream.ts';
import { knownModel } from './scoring-settings.ts';

/** The flags that name the pipeline under test. */
export interface PipelineValues extends StreamValues, Partial<ReaderValues> {
  /** Names all three streams instead of the flags. */
  readonly stack: string | undefined;
  readonly verdictStream: string;
  /** Instead of the stream of verdicts. */
  readonly verdictsFrom: VerdictLocation | undefined;
  readonly rejectStream: string | undefined;
  /** Instead of the stream of dead letters. */
  readonly rejectsFrom: VerdictLocation | undefined;
  /** Files of transactions, of which one may be stdin. */
  readonly input: readonly string[];
  readonly endpointFault: readonly EndpointFault[];
  readonly engine: 'own' | 'flink';
  readonly flinkOption: ReadonlyMap<string, string>;
  readonly ipSpace: IpSpace;
  readonly threshold: number | undefined;
  /** The booster of a pipeline on this machine; the shipped one unless given. */
  readonly model: string | undefined;
  readonly contract: string | undefined;
}

/** A pipeline that is open; `place` says where it is, for people. */
export interface OpenPipeline extends Pipeline {
  readonly place: string;
  close(): Promise<void>;
}

type Dependencies = Pick<Runtime, 'env' | 'err' | 'input' | 'clock' | 'stop' | 'random'>;

/** Opens the pipeline of the flags: a deployed one, or with `--local` one on this machine. */
export function openPipeline(
  values: PipelineValues,
  runtime: Dependencies,
  contract?: Contract,
): Promise<OpenPipeline> {
  if (!values.local) return openDeployed(values, runtime, contract);
  const odd = (['verdictsFrom', 'rejectsFrom'] as const).find((key) => values[key] !== undefined);
  if (odd === undefined) return openLocalPipeline(values, runtime, contract);
  const message = `With --local the pipeline writes to its own streams: leave out --local, or ${sourceFlags[odd]}.`;
  throw new FraudstreamError('usage', message);
}

async function openLocalPipeline(
  values: PipelineValues,
  runtime: Dependencies,
  contract: Contract | undefined,
): Promise<OpenPipeline> {
  const { shards, fault: faults, endpointFault: endpointFaults, engine, reader } = values;
  const startEngine = await engineOf(values, runtime, contract);
  const { modelBytes } = await import('../../model/shipped-model.ts');
  const { clock, random } = runtime;
  const fanOut = reader === 'efo' && { fanOut: { clock, random } };
  const model = modelBytes(values.model);
  const settings = { shards, faults, endpointFaults, model, ...fanOut };
  const local = await startLocalPipeline(startEngine, settings);
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
  { env, err, clock, random }: Dependencies,
  read: Contract | undefined,
): Promise<StartEngine<PipelineEngine>> {
  const model = await knownModel({ ...values, features: 'computed' });
  const threshold = values.threshold ?? model?.threshold;
  const modelVersion = model?.version;
  const { contract, ipSpace } = values;
  if (values.engine === 'own') return ownEngine({ threshold, modelVersion, ipSpace, contract });
  const judging = {
    threshold: String(threshold),
    'model-version': String(modelVersion),
    'batch-rows': '16',
    // Verdicts of a contract say themselves whether they have features.
    ...(read?.verdicts === undefined && { 'with-features': 'true' }),
    'ip-space': values.ipSpace,
    ...(contract !== undefined && { contract: resolve(contract) }),
  };
  const options = new Map([...Object.entries(judging), ...values.flinkOption]);
  return flinkEngine(options, { env, notify: (text) => err.print(text), clock, random });
}

async function openDeployed(
  values: PipelineValues,
  runtime: Dependencies,
  contract: Contract | undefined,
): Promise<OpenPipeline> {
  checkSources(values);
  const names = await namesOf(values, runtime);
  const open: OpenStream[] = [];
  const close = async (): Promise<void> => {
    for (const stream of open) await stream.close();
  };
  const { reader = 'polling', consumerName } = values;
  const opened = async (name: string, flag: string, isRead = true): Promise<OpenStream> => {
    const flags = {
      stream: values.stack === undefined ? flag : '--stack',
      endpointUrl: '--kinesis-endpoint-url',
    };
    const remote = { ...values, ...names.place, stream: name, flags };
    const how = isRead ? { reader, consumerName } : noReader;
    const stream = await openReader(
      await openRemote(remote, isRead ? 'read' : 'put', runtime),
      { ...remote, ...how },
      runtime,
    );
    open.push(stream);
    return stream;
  };
  try {
    const input = await opened(names.input, '--stream', false);
    const streamOf = async (name: string, flag: string): Promise<VerdictSource> => {
      const { client, name: location } = await opened(name, flag);
      return shardVerdicts(client, location);
    };
    const located = { ...values, ...names.place };
    const rejects =
      (await otherSource('rejectsFrom', located, runtime, contract?.rejects?.content)) ??
      (names.rejects && (await streamOf(names.rejects, flagOf('rejectsFrom', values))));
    const verdicts =
      (await otherSource('verdictsFrom', located, runtime, contract?.verdicts?.content)) ??
      (await streamOf(names.verdicts, flagOf('verdictsFrom', values)));
    const place = `${input.name} to ${verdicts.location} (${input.place})`;
    return { input: input.client, verdicts, rejects: rejects || undefined, place, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Of a stream that is only put to. */
const noReader = { reader: 'polling', consumerName: undefined } as const;

/** What names a source other than a Kinesis stream, and the stream that it takes the place of. */
const sourceFlags = { verdictsFrom: '--verdicts-from', rejectsFrom: '--rejects-from' } as const;
const streamFlags = { verdictsFrom: '--verdict-stream', rejectsFrom: '--reject-stream' } as const;

function flagOf(key: keyof typeof sourceFlags, values: PipelineValues): string {
  return values[key] === undefined ? streamFlags[key] : sourceFlags[key];
}

/** Errors: `usage` for what two would read, each of them a part. */
function checkSources({ verdictsFrom, rejectsFrom, input }: PipelineValues): void {
  const readers = [
    ...input.flatMap((path) => (path === '-' ? ['--input'] : [])),
    ...(isStdin(verdictsFrom) ? [sourceFlags.verdictsFrom] : []),
    ...(isStdin(rejectsFrom) ? [sourceFlags.rejectsFrom] : []),
  ];
  if (readers.length > 1) {
    const message = `${readers.join(' and ')} are all stdin, which can be read only once: give files or named pipes for all but one.`;
    throw new FraudstreamError('usage', message);
  }
  if (verdictsFrom?.kind !== 'sqs' || rejectsFrom?.kind !== 'sqs') return;
  if (verdictsFrom.queue !== rejectsFrom.queue) return;
  const message = `--verdicts-from and --rejects-from name the same queue "${verdictsFrom.queue}", and each message is received by one of them: give two queues.`;
  throw new FraudstreamError('usage', message);
}

function isStdin(location: VerdictLocation | undefined): boolean {
  return location?.kind === 'file' && location.path === '-';
}

/** The source of verdicts or dead letters where it is no Kinesis stream. */
async function otherSource(
  key: keyof typeof sourceFlags,
  values: PipelineValues,
  { env, input }: Pick<Runtime, 'env' | 'input'>,
  content: VerdictBytes | undefined,
): Promise<VerdictSource | undefined> {
  const location = values[key];
  if (location === undefined || location.kind === 'kinesis') return undefined;
  // The clients of other services take long to load.
  const { openVerdictSource } = await import(
    '../../pipeline-test/verdict-sources/open-verdict-source.ts'
  );
  const service = { ...serviceOf(location.kind, values, env), flag: sourceFlags[key] };
  return openVerdictSource(location, { service, stdin: input, content });
}

/** The variables of the AWS SDK that name an endpoint of one service, by the kind of source. */
const endpointVariables: Readonly<Record<string, readonly string[]>> = {
  sqs: ['AWS_ENDPOINT_URL_SQS'],
  dynamodb: ['AWS_ENDPOINT_URL_DYNAMODB_STREAMS', 'AWS_ENDPOINT_URL_DYNAMODB'],
  s3: ['AWS_ENDPOINT_URL_S3'],
};

/** How a service other than Kinesis is reached: an endpoint that is Kinesis alone is not its own. */
function serviceOf(
  kind: VerdictLocation['kind'],
  {
    region,
    profile,
    kinesisEndpointUrl: endpointUrl,
    requestTimeout,
    connectTimeout,
  }: RemoteValues,
  env: Runtime['env'],
): Omit<ServiceLocation, 'flag'> {
  const named = (endpointVariables[kind] ?? []).map((name) => env[name]).find(Boolean);
  const isKinesis = endpointUrl === env.AWS_ENDPOINT_URL_KINESIS;
  return {
    region,
    profile,
    endpointUrl: named ?? (isKinesis ? env.AWS_ENDPOINT_URL : endpointUrl),
    requestTimeoutMs: requestTimeout,
    connectTimeoutMs: connectTimeout,
  };
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
  const { stream, stack } = values;
  const [named, rejectStream = values.rejectStream] = [values.verdictsFrom, values.rejectsFrom].map(
    (location) => (location?.kind === 'kinesis' ? location.stream : undefined),
  );
  const verdictStream = named ?? values.verdictStream;
  if (stack === undefined) {
    return { input: stream, verdicts: verdictStream, rejects: rejectStream, place: {} };
  }
  const { stackOutputs } = await import('../../stack/stack.ts');
  const { requestTimeout: requestTimeoutMs, connectTimeout: connectTimeoutMs } = values;
  const endpointUrl = values.kinesisEndpointUrl;
  const location = { ...values, endpointUrl, requestTimeoutMs, connectTimeoutMs };
  const outputs = await stackOutputs(
    stack,
    parseStackLocation(location, runtime.env.AWS_ENDPOINT_URL_KINESIS),
  );
  return {
    input: outputs.inputStream,
    verdicts: named ?? outputs.verdictStream,
    rejects: rejectStream ?? outputs.rejectStream,
    place: { region: outputs.region },
  };
}
