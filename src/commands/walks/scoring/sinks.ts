import { type Rejection, rejectionLine } from '../../../records/rejection.ts';
import type { Secrets } from '../../../reporting/secrets.ts';
import type { Outside } from '../../outside.ts';
import type { ReportValues } from '../reports/report.ts';
import { type OpenStream, openExisting, type RemoteValues } from '../sources/stream.ts';
import { StreamSink } from './stream-sink.ts';
import { type Arrived, fileSink, type LineSink, noSink, stdoutSink } from './verdict-sink.ts';

/** What the flags say about where verdicts and rejects go. */
export interface SinkValues extends Pick<ReportValues, 'output'> {
  readonly out: string | undefined;
  readonly rejects: string | undefined;
  readonly toStream: string | undefined;
  readonly rejectsStream: string | undefined;
  readonly kinesisEndpointUrl: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly connectTimeout: number;
  readonly order: 'ordered' | 'unordered';
}

/** Where verdicts and rejects go, and what is left for the report. */
export interface Sinks {
  readonly verdicts: LineSink;
  readonly output: ReportValues['output'];
  /** Rejections under the name of `id`. */
  rejects(rejections: readonly Rejection[], id: string): Promise<void>;
  /** Lines that did not arrive. */
  failed(): number;
  end(): Promise<void>;
}

/**
 * Opens the outputs of the flags; `arrived` hears of every line, verdict or rejection.
 *
 * Errors: `usage` for a file that cannot be written; those of a stream, also that it is not there.
 */
export async function openSinks(
  values: SinkValues,
  outside: Outside,
  arrived: Arrived = () => undefined,
): Promise<Sinks> {
  const { toStream, rejectsStream } = values;
  const [to, rejectsTo] = await existing(values, outside, [
    ['--to-stream', toStream],
    ['--rejects-stream', rejectsStream],
  ]);
  const verdicts = await opened(to, values.out, values, outside, arrived);
  const rejects = await opened(rejectsTo, values.rejects, values, outside, arrived);
  const isStdoutFree = values.output !== 'ndjson';
  const rest = isStdoutFree ? noSink(arrived) : stdoutSink(arrived, outside);
  const { secrets } = outside;
  return sinksOf(verdicts ?? rest, rejects ?? noSink(arrived), values.output, secrets);
}

/** The streams that the flags name, opened; none stays open when one of them is not there. */
async function existing(
  values: SinkValues,
  outside: Outside,
  named: readonly (readonly [flag: string, stream: string | undefined])[],
): Promise<readonly (OpenStream | undefined)[]> {
  const open: (OpenStream | undefined)[] = [];
  try {
    for (const [flag, stream] of named) {
      const isNamed = stream !== undefined;
      const remote = isNamed && remoteOf(stream, flag, values);
      open.push(remote ? await openExisting(remote, outside) : undefined);
    }
    return open;
  } catch (error) {
    for (const stream of open) await stream?.close();
    throw error;
  }
}

async function opened(
  stream: OpenStream | undefined,
  path: string | undefined,
  values: SinkValues,
  outside: Outside,
  arrived: Arrived,
): Promise<LineSink | undefined> {
  if (stream !== undefined) {
    const isOrdered = values.order === 'ordered';
    return new StreamSink(stream, isOrdered, arrived, outside);
  }
  return path === undefined ? undefined : fileSink(path, arrived);
}

const CONNECTIONS = 24;
const REQUEST_TIMEOUT_MS = 6_000;

/** A stream of Kinesis by the flags of `score`, of which one names it. */
export function remoteOf(
  stream: string,
  flag: string,
  values: Pick<SinkValues, 'kinesisEndpointUrl' | 'region' | 'profile' | 'connectTimeout'>,
): RemoteValues {
  const { kinesisEndpointUrl: endpointUrl, region, profile, connectTimeout } = values;
  const requests = { maxConnections: CONNECTIONS, requestTimeout: REQUEST_TIMEOUT_MS };
  const flags = { stream: flag, endpointUrl: '--kinesis-endpoint-url' };
  return { stream, region, profile, endpointUrl, connectTimeout, flags, ...requests };
}

function sinksOf(
  verdicts: LineSink,
  rejected: LineSink,
  output: Sinks['output'],
  secrets: Secrets,
): Sinks {
  return {
    verdicts,
    output,
    rejects: (rejections, id) =>
      rejected.write(
        rejections.map((rejection) => ({
          id,
          key: rejection.card_id ?? 'unread',
          // The reason is what the endpoint said, which may be what it was told.
          line: rejectionLine({ ...rejection, reason: secrets.redacted(rejection.reason) }),
        })),
      ),
    failed: () => verdicts.failed + rejected.failed,
    end: async () => {
      await verdicts.end();
      await rejected.end();
    },
  };
}
