import type { Runtime } from '../cli/runtime.ts';
import {
  type OpenStream,
  openExisting,
  type RemoteValues,
} from '../commands/shared/open-stream.ts';
import type { ReportValues } from '../commands/shared/write-report.ts';
import { openSink } from '../files/sink.ts';
import { type ProducerSettings, producerDefaults } from '../kinesis/producer/producer-settings.ts';
import { put } from '../kinesis/producer/put.ts';
import { Mailbox } from '../stream/mailbox.ts';
import type { Secrets } from '../text/secrets.ts';
import type { Due, Receipt, UserRecord } from '../transactions/user-record.ts';
import { type Rejection, rejectionLine } from '../transactions/verdict.ts';

/** Where lines of JSON go. */
export interface LineSink {
  /** Lines that did not arrive although they were written. */
  readonly failed: number;
  write(lines: readonly KeyedLine[]): Promise<void>;
  /** Resolves when everything has arrived. */
  end(): Promise<void>;
}

/** A line without its end, made where it is written, the name under which it is said to have arrived, and its card. */
export interface KeyedLine {
  readonly id: string;
  readonly key: string;
  readonly line: () => string;
}

/** Hears the names of lines that are where they should be. */
export type Arrived = (ids: readonly string[]) => void;

/** Nowhere. */
export function noSink(arrived: Arrived): LineSink {
  return {
    failed: 0,
    write: async (lines) => arrived(lines.map(({ id }) => id)),
    end: async () => undefined,
  };
}

export function stdoutSink(arrived: Arrived, { out }: Pick<Runtime, 'out'>): LineSink {
  return sink(arrived, (text) => out.write(text));
}

/** Errors: `usage` when the file cannot be written. */
export async function fileSink(path: string, arrived: Arrived): Promise<LineSink> {
  const file = await openSink(path);
  return { ...sink(arrived, (text) => file.write(text)), end: () => file.end() };
}

function sink(arrived: Arrived, write: (text: string) => Promise<void>): LineSink {
  return {
    failed: 0,
    write: async (lines) => {
      await write(lines.map(({ line }) => `${line()}\n`).join(''));
      arrived(lines.map(({ id }) => id));
    },
    end: async () => undefined,
  };
}

/** Lines under way to the stream; whoever writes more waits. */
const MOST_UNDER_WAY = 50_000;

/** Lines as records of a Kinesis stream, keyed by card; `arrived` hears those acknowledged. `isOrdered` keeps the order of each card. */
export class StreamSink implements LineSink {
  readonly #stream: OpenStream;
  readonly #clock: Runtime['clock'];
  readonly #arrived: Arrived;
  readonly #letters = new Mailbox<readonly Due<UserRecord>[]>();
  readonly #put: Promise<void>;
  #underWay = 0;
  #failed = 0;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(
    stream: OpenStream,
    isOrdered: boolean,
    arrived: Arrived,
    runtime: Pick<Runtime, 'clock' | 'random'>,
    maxUserRecordSize: number = producerDefaults.maxUserRecordSize,
  ) {
    this.#stream = stream;
    this.#clock = runtime.clock;
    this.#arrived = arrived;
    const settings = { ...producerDefaults, isOrdered, maxUserRecordSize };
    this.#put = this.#run(settings, runtime).catch((error: unknown) => {
      this.#error = error;
      this.#wake?.();
    });
  }

  /** Lines that the stream did not take. */
  get failed(): number {
    return this.#failed;
  }

  async write(lines: readonly KeyedLine[]): Promise<void> {
    const dueAt = this.#clock.now();
    this.#underWay += lines.length;
    this.#letters.push(
      lines.map(({ id, key, line }) => ({
        dueAt,
        record: { id, partitionKey: key, data: Buffer.from(line()) },
      })),
    );
    while (this.#underWay > MOST_UNDER_WAY && this.#error === undefined) {
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    }
    if (this.#error !== undefined) throw this.#error;
  }

  async end(): Promise<void> {
    this.#letters.end();
    await this.#put;
    await this.#stream.close();
    if (this.#error !== undefined) throw this.#error;
  }

  async #run(
    settings: ProducerSettings,
    { clock, random }: Pick<Runtime, 'clock' | 'random'>,
  ): Promise<void> {
    const { client } = this.#stream;
    for await (const receipts of put(this.#letters, client, { clock, random }, settings)) {
      this.#received(receipts);
    }
  }

  #received(receipts: readonly Receipt[]): void {
    this.#underWay -= receipts.length;
    const taken = receipts.filter(({ isAccepted }) => isAccepted);
    this.#failed += receipts.length - taken.length;
    this.#arrived(taken.map(({ id }) => id));
    this.#wake?.();
  }
}

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
  runtime: Runtime,
  arrived: Arrived = () => undefined,
): Promise<Sinks> {
  const { toStream, rejectsStream } = values;
  const [to, rejectsTo] = await existing(values, runtime, [
    ['--to-stream', toStream],
    ['--rejects-stream', rejectsStream],
  ]);
  const verdicts = await opened(to, values.out, values, runtime, arrived);
  const recordBytes = await rejectsTo?.client.maxRecordBytes();
  const rejects = await opened(rejectsTo, values.rejects, values, runtime, arrived, recordBytes);
  const isStdoutFree = values.output !== 'ndjson';
  const rest = isStdoutFree ? noSink(arrived) : stdoutSink(arrived, runtime);
  const { secrets } = runtime;
  const rejected = rejects ?? noSink(arrived);
  return sinksOf(verdicts ?? rest, rejected, values.output, secrets, recordBytes);
}

/** The streams that the flags name, opened; none stays open when one of them is not there. */
async function existing(
  values: SinkValues,
  runtime: Runtime,
  named: readonly (readonly [flag: string, stream: string | undefined])[],
): Promise<readonly (OpenStream | undefined)[]> {
  const open: (OpenStream | undefined)[] = [];
  try {
    for (const [flag, stream] of named) {
      const isNamed = stream !== undefined;
      const remote = isNamed && remoteOf(stream, flag, values);
      open.push(remote ? await openExisting(remote, runtime) : undefined);
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
  runtime: Runtime,
  arrived: Arrived,
  recordBytes?: number,
): Promise<LineSink | undefined> {
  if (stream !== undefined) {
    const isOrdered = values.order === 'ordered';
    return new StreamSink(stream, isOrdered, arrived, runtime, recordBytes);
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

/** `recordBytes` is what the stream of rejections takes, where there is one. */
function sinksOf(
  verdicts: LineSink,
  rejected: LineSink,
  output: Sinks['output'],
  secrets: Secrets,
  recordBytes: number = Number.POSITIVE_INFINITY,
): Sinks {
  return {
    verdicts,
    output,
    rejects: (rejections, id) =>
      rejected.write(
        rejections.map((rejection) => {
          const key = rejection.card_id ?? 'unread';
          // The reason is what the endpoint said, which may be what it was told.
          const shown = { ...rejection, reason: secrets.redacted(rejection.reason) };
          const line = () => rejectionLine(shown, recordBytes - Buffer.byteLength(key));
          return { id, key, line };
        }),
      ),
    failed: () => verdicts.failed + rejected.failed,
    end: async () => {
      await verdicts.end();
      await rejected.end();
    },
  };
}
