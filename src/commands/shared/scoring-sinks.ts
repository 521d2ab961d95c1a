import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import type { Contract } from '../../contract/contract.ts';
import {
  type Acknowledge,
  fileSink,
  type LineSink,
  noSink,
  type OutputForms,
  ScoreSinks,
  StreamSink,
  textSink,
} from '../../engine/sinks.ts';
import type { outputSettings } from './flags/common-flags.ts';
import type { inputSettings } from './flags/input-flags.ts';
import type { asyncSettings } from './flags/score-flags.ts';
import type { verdictStreamSettings } from './flags/stream-flags.ts';
import type { targetSettings } from './flags/target-flags.ts';
import { type OpenStream, openExisting, type RemoteValues } from './open-stream.ts';

/** The flags that say where the Kinesis of verdicts is. */
type StreamFlags = Pick<Values<typeof verdictStreamSettings>, 'kinesisEndpointUrl'> &
  Pick<Values<typeof targetSettings>, 'region' | 'profile' | 'connectTimeout'>;

/** The flags that say where verdicts and rejects go. */
export type SinkFlags = StreamFlags &
  Values<typeof verdictStreamSettings> &
  Pick<Values<typeof outputSettings>, 'output'> &
  Pick<Values<typeof asyncSettings>, 'ordered'> &
  Pick<Values<typeof inputSettings>, 'rejects'> & { readonly out: string | undefined };

/**
 * Opens the outputs of the flags, in the form of the contract where there is one; `acknowledge` is called for every
 * line, verdict or rejection.
 *
 * Errors: `bad-config` for a contract by which verdicts cannot be written; `usage` for a file that cannot be written;
 * those of a stream, also that it is not there.
 */
export async function openSinks(
  values: SinkFlags,
  runtime: Runtime,
  contract: Contract | undefined,
  acknowledge: Acknowledge = () => undefined,
): Promise<ScoreSinks> {
  const forms = writtenForms(contract, values);
  const [verdictStream, rejectStream] = await openStreams(values, runtime);
  const isOrdered = values.ordered;
  const sinkOf = async (
    stream: OpenStream | undefined,
    path: string | undefined,
    header: string | undefined,
    recordBytes?: number,
  ): Promise<LineSink | undefined> => {
    if (stream) return new StreamSink(stream, isOrdered, acknowledge, runtime, recordBytes);
    return path === undefined ? undefined : fileSink(path, acknowledge, header);
  };
  const { out, secrets } = runtime;
  const header = contract?.verdicts?.content.header;
  const verdicts =
    (await sinkOf(verdictStream, values.out, header)) ??
    (values.output === 'ndjson'
      ? textSink((text) => out.write(text), acknowledge, header)
      : noSink(acknowledge));
  const rejectBytes = await rejectStream?.client.maxRecordBytes();
  const rejects =
    (await sinkOf(rejectStream, values.rejects, contract?.rejects?.content.header, rejectBytes)) ??
    noSink(acknowledge);
  return new ScoreSinks(verdicts, rejects, (text) => secrets.redacted(text), rejectBytes, forms);
}

/** Of a contract by which verdicts can be read alone, nothing is asked where no output has them. */
function writtenForms(
  contract: Contract | undefined,
  { toStream, out, output, rejectStream, rejects }: SinkFlags,
): OutputForms {
  const hasVerdicts = toStream !== undefined || out !== undefined || output === 'ndjson';
  const hasRejects = rejectStream !== undefined || rejects !== undefined;
  return {
    verdict: hasVerdicts ? contract?.verdicts?.writer() : undefined,
    reject: hasRejects ? contract?.rejects?.writer() : undefined,
  };
}

/** The streams that the flags name, opened; none stays open when one of them is not there. */
async function openStreams(
  values: SinkFlags,
  runtime: Runtime,
): Promise<readonly (OpenStream | undefined)[]> {
  const named = [
    ['--to-stream', values.toStream],
    ['--reject-stream', values.rejectStream],
  ] as const;
  const open: (OpenStream | undefined)[] = [];
  try {
    for (const [flag, name] of named) {
      const remote = name === undefined ? undefined : remoteOf(name, flag, values);
      open.push(remote && (await openExisting(remote, 'put', runtime)));
    }
    return open;
  } catch (error) {
    for (const stream of open) await stream?.close();
    throw error;
  }
}

const CONNECTIONS = 24;
const REQUEST_TIMEOUT_MS = 6_000;

/** A stream of Kinesis by the flags of `score`, of which `flag` names it. */
export function remoteOf(
  stream: string,
  flag: string,
  { kinesisEndpointUrl, region, profile, connectTimeout }: StreamFlags,
): RemoteValues {
  const requests = { maxConnections: CONNECTIONS, requestTimeout: REQUEST_TIMEOUT_MS };
  const flags = { stream: flag, endpointUrl: '--kinesis-endpoint-url' };
  return { stream, region, profile, kinesisEndpointUrl, connectTimeout, flags, ...requests };
}
