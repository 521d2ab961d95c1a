import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import type { Mapping } from '../../files/mapping/mapping.ts';
import { mappingOf } from '../../files/mapping/mapping-file.ts';
import type { ByteSourceDependencies } from '../../files/reading/byte-source.ts';
import { expandedPaths } from '../../files/reading/input-paths.ts';
import { type BadLine, badLineText } from '../../files/reading/row.ts';
import {
  type InputFormat,
  type InputSettings,
  type Recorded,
  recorded,
} from '../../files/recorded-transactions.ts';
import { openSink, type Sink } from '../../files/sink.ts';
import { untilStopped } from '../../stream/async-iterables.ts';

/** What the flags say about files of transactions. */
export interface InputValues {
  readonly format: InputFormat | undefined;
  readonly map: readonly string[];
  readonly onError: 'skip' | 'stop';
  readonly rejects: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  /** The longest that an object of S3 may send nothing, in milliseconds. */
  readonly s3IdleTimeout?: number | undefined;
}

/** Files of transactions, ready to be read once or more. */
export interface Input {
  readonly paths: readonly string[];
  readonly mapping: Mapping | undefined;
  readonly dependencies: ByteSourceDependencies;
  /** Bad lines so far. */
  rejected(): number;
  read(): AsyncIterable<readonly Recorded[]>;
  /** Ends the file of bad lines. */
  close(): Promise<void>;
}

/** Bad lines told on stderr; the others are only counted. */
const BAD_LINES_TOLD = 10;
const LINE_FEED = Buffer.from('\n');

/**
 * The input of the flags: paths, patterns with `*` and `?`, `-` for stdin, `s3://` objects.
 *
 * `heard` is told of each bad line too; a transaction that misses something is one.
 */
export async function openInput(
  given: readonly string[],
  values: InputValues,
  runtime: Runtime,
  heard: (bad: BadLine) => void = () => undefined,
  missing?: InputSettings['missing'],
): Promise<Input> {
  const paths = await expandedPaths(given);
  const mapping = await mappingOf(values.map);
  const { region, profile, s3IdleTimeout: idleTimeoutMs } = values;
  const endpointUrl = runtime.env.AWS_ENDPOINT_URL_S3;
  const dependencies = {
    input: runtime.input,
    s3: { region, profile, endpointUrl, idleTimeoutMs },
  };
  const bin = await Bin.open(values, runtime);
  const reject = (bad: BadLine): void => {
    heard(bad);
    bin.take(bad);
  };
  const settings = { ...dependencies, paths, format: values.format, mapping, reject, missing };
  return {
    paths,
    mapping,
    dependencies,
    rejected: () => bin.count,
    read: () => untilStopped(told(recorded(settings), paths, bin, runtime), runtime.stop),
    close: () => bin.close(),
  };
}

/** The same records; an input that has none is told, for a run of nothing looks like a good one. */
async function* told(
  groups: AsyncIterable<readonly Recorded[]>,
  paths: readonly string[],
  bin: Bin,
  { err }: Pick<Runtime, 'err'>,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  let isEmpty = true;
  for await (const group of groups) {
    isEmpty &&= group.length === 0;
    yield group;
  }
  if (isEmpty && bin.count === 0) {
    await err.print(`${paths.join(', ')}: holds no transactions, so nothing comes of it.`);
  }
}

/** Where bad lines go: counted, the first ones told, all of them written if so wanted. */
class Bin {
  count = 0;
  readonly #isLast: boolean;
  readonly #file: Sink | undefined;
  readonly #runtime: Pick<Runtime, 'err'>;

  private constructor(isLast: boolean, file: Sink | undefined, runtime: Pick<Runtime, 'err'>) {
    this.#isLast = isLast;
    this.#file = file;
    this.#runtime = runtime;
  }

  static async open(
    { onError, rejects }: InputValues,
    runtime: Pick<Runtime, 'err'>,
  ): Promise<Bin> {
    const file = rejects === undefined ? undefined : await openSink(rejects);
    return new Bin(onError === 'stop', file, runtime);
  }

  readonly take = (bad: BadLine): void => {
    const { err } = this.#runtime;
    this.count += 1;
    // A file that cannot be written says so when it is ended.
    this.#file?.write(Buffer.concat([bad.bytes, LINE_FEED])).catch(() => undefined);
    if (this.#isLast) {
      throw new FraudstreamError(
        'bad-data',
        `${badLineText(bad)}. Mend it, or give --on-error skip.`,
      );
    }
    if (this.count <= BAD_LINES_TOLD) void err.print(`${badLineText(bad)}`);
    if (this.count === BAD_LINES_TOLD) void err.print('Further bad lines are only counted.');
  };

  async close(): Promise<void> {
    await this.#file?.end();
  }
}
