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
import {
  type OpenStream,
  openRemote,
  type RemoteValues,
  type StreamValues,
} from './open-stream.ts';
import { knownModel } from './scoring-settings.ts';

/** The flags that name the pipeline under test. */
export interface PipelineValues extends StreamValues {
  /** Names all three streams instead of the flags. */
  readonly stack: string | undefined;
  readonly verdictStream: string;
  /** Instead of the stream of verdicts. */
  readonly verdictsFrom: VerdictLocation | undefined;
  readonly rejectStream: string | undefined;
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

type Dependencies = Pick<Runtime, 'env' | 'err' | 'input' | 'clock' | 'random'>;

/** Opens the pipeline of the flags: a deployed one, or with `--local` one on this machine. */
export function openPipeline(
  values: PipelineValues,
  runtime: Dependencies,
  contract?: Contract,
): Promise<OpenPipeline> {
  if (!values.local) return openDeployed(values, runtime, contract?.verdicts?.content);
  if (values.verdictsFrom === undefined) return openLocalPipeline(values, runtime);
  const message =
    'The pipeline of --local writes its verdicts to a stream of its own: give --verdicts-from without --local.';
  throw new FraudstreamError('usage', message);
}

async function openLocalPipeline(
  values: PipelineValues,
  runtime: Dependencies,
): Promise<OpenPipeline> {
  const { shards, fault: faults, endpointFault: endpointFaults, engine } = values;
  const startEngine = await engineOf(values, runtime);
  const { modelBytes } = await import('../../model/shipped-model.ts');
  const services = { shards, faults, endpointFaults, model: modelBytes(values.model) };
  const local = await startLocalPipeline(startEngine, services);
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
    'with-features': 'true',
    'ip-space': values.ipSpace,
  };
  if (contract !== undefined) {
    const message =
      'The Flink job of --local reads the form of fraudstream: leave --contract out, or --engine flink.';
    throw new FraudstreamError('usage', message);
  }
  const options = new Map([...Object.entries(judging), ...values.flinkOption]);
  return flinkEngine(options, { env, notify: (text) => err.print(text), clock, random });
}

async function openDeployed(
  values: PipelineValues,
  runtime: Pick<Runtime, 'env' | 'err' | 'input'>,
  content: VerdictBytes | undefined,
): Promise<OpenPipeline> {
  const names = await namesOf(values, runtime);
  const open: OpenStream[] = [];
  const close = async (): Promise<void> => {
    for (const stream of open) await stream.close();
  };
  const opened = async (name: string, flag: string): Promise<OpenStream> => {
    const flags = {
      stream: values.stack === undefined ? flag : '--stack',
      endpointUrl: '--kinesis-endpoint-url',
    };
    const stream = await openRemote({ ...values, ...names.place, stream: name, flags }, runtime);
    open.push(stream);
    return stream;
  };
  try {
    const input = await opened(names.input, '--stream');
    const rejects =
      names.rejects === undefined ? undefined : await opened(names.rejects, '--reject-stream');
    const verdicts =
      (await otherSource(values, names.place, runtime, content)) ??
      verdictsOf(await opened(names.verdicts, flagOf(values.verdictsFrom)));
    const place = `${input.name} to ${verdicts.location} (${input.place})`;
    return {
      input: input.client,
      verdicts,
      rejects: rejects && verdictsOf(rejects),
      place,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function verdictsOf({ client, name }: OpenStream): VerdictSource {
  return shardVerdicts(client, name);
}

/** The source of verdicts where it is no Kinesis stream. */
async function otherSource(
  { verdictsFrom, ...values }: PipelineValues,
  place: Partial<RemoteValues>,
  { env, input }: Pick<Runtime, 'env' | 'input'>,
  content: VerdictBytes | undefined,
): Promise<VerdictSource | undefined> {
  if (verdictsFrom === undefined || verdictsFrom.kind === 'kinesis') return undefined;
  // The clients of other services take long to load.
  const { openVerdictSource } = await import(
    '../../pipeline-test/verdict-sources/open-verdict-source.ts'
  );
  const service = serviceOf(verdictsFrom.kind, { ...values, ...place }, env);
  return openVerdictSource(verdictsFrom, { service, stdin: input, content });
}

function flagOf(verdictsFrom: VerdictLocation | undefined): string {
  return verdictsFrom === undefined ? '--verdict-stream' : '--verdicts-from';
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
): ServiceLocation {
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
  const { stream, stack, verdictsFrom, rejectStream } = values;
  const named = verdictsFrom?.kind === 'kinesis' ? verdictsFrom.stream : undefined;
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
