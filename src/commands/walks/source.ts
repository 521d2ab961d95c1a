import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { openSink, type Sink } from '../../files/sink.ts';
import { type BadLine, badLineText, transactionInput } from '../../files/transaction-input.ts';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { userRecords } from '../../generators/user-records.ts';
import type { Label } from '../../records/label.ts';
import type { UserRecord } from '../../records/user-record.ts';
import { untilStopped } from '../../stream/until-stopped.ts';
import type { Outside } from '../outside.ts';
import { madeWorld, type WorldValues } from './made-world.ts';

/** What the flags say about where records come from. */
export interface SourceValues extends WorldValues {
  readonly input: string | undefined;
  readonly rejects: string | undefined;
}

/** Records to be put, and what is known of their origin. `rejected` counts bad lines so far. */
export interface Source {
  readonly groups: Iterable<readonly UserRecord[]> | AsyncIterable<readonly UserRecord[]>;
  readonly origin: { readonly seed: number } | { readonly input: string };
  rejected(): number;
}

/** Bad lines told on stderr; the others are only counted. */
const BAD_LINES_TOLD = 10;
const LINE_FEED = Buffer.from('\n');

/** Who hears of generated frauds, before the group that holds them, and of bad lines. */
export interface Listeners {
  readonly tell?: (fraud: Label) => void;
  readonly reject?: (bad: BadLine) => void;
}

/** The source of the flags: a generated world, or a file of transactions (`-` is stdin). */
export async function openSource(
  values: SourceValues,
  outside: Outside,
  listeners: Listeners = {},
): Promise<Source> {
  if (values.input !== undefined) return inputSource(values.input, values, outside, listeners);
  const { made, seed } = await madeWorld(values, outside);
  return { groups: userRecords(made, listeners.tell), origin: { seed }, rejected: () => 0 };
}

async function inputSource(
  path: string,
  { rejects }: SourceValues,
  outside: Outside,
  listeners: Listeners,
): Promise<Source> {
  let rejected = 0;
  const file = rejects === undefined ? undefined : await openSink(rejects);
  const reject = (bad: BadLine): void => {
    rejected += 1;
    if (rejected <= BAD_LINES_TOLD) void outside.err.write(`${badLineText(bad)}\n`);
    if (rejected === BAD_LINES_TOLD)
      void outside.err.write('Further bad lines are only counted.\n');
    listeners.reject?.(bad);
    // A file that cannot be written says so when it is ended.
    file?.write(Buffer.concat([bad.bytes, LINE_FEED])).catch(() => undefined);
  };
  const isStdin = path === '-';
  const chunks = untilStopped(isStdin ? outside.input : await opened(path), outside.stop);
  const groups = transactionInput(chunks, isStdin ? 'stdin' : path, reject);
  return { groups: thenEnd(groups, file), origin: { input: path }, rejected: () => rejected };
}

async function* thenEnd<T>(groups: AsyncIterable<T>, file: Sink | undefined): AsyncGenerator<T> {
  try {
    yield* groups;
  } finally {
    await file?.end();
  }
}

/** The bytes of a file that exists. */
async function opened(path: string): Promise<AsyncIterable<Uint8Array>> {
  try {
    const file = await open(path);
    const isFile = (await file.stat()).isFile();
    await file.close();
    if (!isFile) throw new Error('it is not a file');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FraudstreamError('no-input', `--input ${path} cannot be read: ${reason}.`, { cause });
  }
  return createReadStream(path);
}
