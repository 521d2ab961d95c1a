import type { TransactionContract } from '../contract/transactions-contract.ts';
import { FraudstreamError } from '../errors.ts';
import { untilStopped } from '../stream/async-iterables.ts';
import type { Mapping } from './mapping/mapping.ts';
import { mappingOf } from './mapping/mapping-file.ts';
import { type MappingFigures, MappingTally } from './mapping/mapping-tally.ts';
import type { ByteSourceDependencies } from './reading/byte-source.ts';
import { expandedPaths } from './reading/input-paths.ts';
import { type BadLine, badLineText } from './reading/row.ts';
import type { Recorded } from './recorded.ts';
import { type InputFormat, type InputSettings, recorded } from './recorded-transactions.ts';
import { openSink, type Sink } from './sink.ts';

/** Which files of transactions are read, and what is done with bad lines. */
export interface InputFileSettings {
  /** Paths, patterns with `*` and `?`, `-` for `stdin`, `s3://` objects. */
  readonly paths: readonly string[];
  /** By the ending of each name unless given, else NDJSON. */
  readonly format?: InputFormat | undefined;
  /** Columns of a foreign file (`card_id=CUSTOMER`, `currency:USD`), or a YAML file of them. */
  readonly mapping?: readonly string[];
  /** The form of the records where they are in that of a contract. */
  readonly contract?: TransactionContract | undefined;
  /** `skip` counts a bad line, `stop` ends the run. */
  readonly onBadLine?: 'skip' | 'stop';
  /** File that bad lines are written to, as they came. */
  readonly rejectsPath?: string | undefined;
  /** A card number in a mapped field makes its line a bad one. */
  readonly forbidsPan?: boolean;
  /** Where objects of S3 are read from. */
  readonly s3?: ByteSourceDependencies['s3'];
}

/** What reading files needs, and who is called while they are read. */
export interface InputDependencies {
  /** What the path `-` stands for. */
  readonly stdin: AsyncIterable<Uint8Array>;
  /** Ends the reading; what was read before is still delivered. */
  readonly stop: AbortSignal;
  /** Called for each bad line; `count` are the bad lines so far, this one included. */
  readonly onBadLine?: (bad: BadLine, count: number) => void;
  /** Called when the files are read to their end and have no line at all. */
  readonly onEmpty?: (paths: readonly string[]) => Promise<void>;
  /** Records bring their features along; one without is a bad line. */
  readonly given?: InputSettings['given'];
}

/** What reading came to so far. */
export interface InputFigures extends MappingFigures {
  readonly rejectedLines: number;
}

/** Files of transactions, ready to be read once or more. */
export interface Input {
  /** The files in the order in which they are read; patterns are expanded. */
  readonly paths: readonly string[];
  /** The form asked for; undefined where each name says it. */
  readonly format: InputFormat | undefined;
  readonly mapping: Mapping | undefined;
  readonly dependencies: ByteSourceDependencies;
  /** Bad lines so far. */
  rejected(): number;
  /** Bad lines and what a mapping did, as a report has them. */
  figures(): InputFigures;
  /** What the mapping did to rows so far. */
  readonly tally: MappingTally;
  read(): AsyncIterable<readonly Recorded[]>;
  /** Ends the file of bad lines. Errors: `usage` when it could not be written. */
  close(): Promise<void>;
}

const LINE_FEED = Buffer.from('\n');

/**
 * Opens files of transactions, several as one.
 *
 * Errors: `no-input` for a file or pattern without files, `bad-config` for a bad mapping, `usage`
 * for a file of bad lines that cannot be written; from `read`, `bad-data` for a bad line where it
 * ends the run.
 */
export async function openInput(
  settings: InputFileSettings,
  dependencies: InputDependencies,
): Promise<Input> {
  const { format, mapping: columns = [], contract, s3 = {} } = settings;
  if (contract) checkContract(contract, columns);
  const { stdin: input, stop, given } = dependencies;
  const paths = await expandedPaths(settings.paths);
  const mapping = await mappingOf(columns);
  const badLines = await BadLines.open(settings, dependencies);
  const tally = new MappingTally();
  const { forbidsPan } = settings;
  const reject = badLines.add;
  const all = { input, s3, paths, format, mapping, contract, reject, given, tally, forbidsPan };
  return {
    tally,
    paths,
    format,
    mapping,
    dependencies: { input, s3 },
    rejected: () => badLines.count,
    figures: () => ({ rejectedLines: badLines.count, ...(mapping && tally.figures()) }),
    read: () => untilStopped(noticed(recorded(all), paths, badLines, dependencies), stop),
    close: () => badLines.close(),
  };
}

/** Errors: `usage` for a mapping beside a contract; `bad-config` for a contract by which no record can be sent. */
function checkContract({ lacks, format }: TransactionContract, columns: readonly string[]): void {
  if (columns.length > 0) {
    const message = 'A contract already describes the fields: leave out --map or the contract.';
    throw new FraudstreamError('usage', message);
  }
  if (format === 'raw' || !lacks.includes('event_time')) return;
  const message =
    'The contract cannot read files: its payload has no $event_time, which decides when records are sent. Add it, or give "transactions" the format raw.';
  throw new FraudstreamError('bad-config', message);
}

/** The same records; an input without any is made known, for a run of nothing looks like a good one. */
async function* noticed(
  groups: AsyncIterable<readonly Recorded[]>,
  paths: readonly string[],
  badLines: BadLines,
  { onEmpty }: InputDependencies,
): AsyncGenerator<readonly Recorded[], void, undefined> {
  let isEmpty = true;
  for await (const group of groups) {
    isEmpty &&= group.length === 0;
    yield group;
  }
  if (isEmpty && badLines.count === 0) await onEmpty?.(paths);
}

/** Counts bad lines, and writes them to a file where there is one. */
class BadLines {
  #count = 0;
  readonly #endsRun: boolean;
  readonly #file: Sink | undefined;
  readonly #onBadLine: InputDependencies['onBadLine'];

  private constructor(
    endsRun: boolean,
    file: Sink | undefined,
    onBadLine: InputDependencies['onBadLine'],
  ) {
    this.#endsRun = endsRun;
    this.#file = file;
    this.#onBadLine = onBadLine;
  }

  static async open(
    { onBadLine, rejectsPath }: InputFileSettings,
    dependencies: InputDependencies,
  ): Promise<BadLines> {
    const file = rejectsPath === undefined ? undefined : await openSink(rejectsPath);
    return new BadLines(onBadLine === 'stop', file, dependencies.onBadLine);
  }

  get count(): number {
    return this.#count;
  }

  readonly add = (bad: BadLine): void => {
    this.#count += 1;
    // A file that cannot be written says so when it is ended.
    this.#file?.write(Buffer.concat([bad.bytes, LINE_FEED])).catch(() => undefined);
    this.#onBadLine?.(bad, this.#count);
    if (!this.#endsRun) return;
    const message = `${badLineText(bad)}. Correct the line, or give --on-error skip.`;
    throw new FraudstreamError('bad-data', message);
  };

  async close(): Promise<void> {
    await this.#file?.end();
  }
}
