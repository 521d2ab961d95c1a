import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { type BadLine, badLineText, transactionInput } from '../../files/transaction-input.ts';
import { userRecords } from '../../generators/user-records.ts';
import { world } from '../../generators/world.ts';
import type { UserRecord } from '../../records/user-record.ts';
import type { Outside } from '../outside.ts';

/** What the flags say about where records come from. */
export interface SourceValues {
  readonly input: string | undefined;
  readonly seed: number | undefined;
  readonly cards: number;
  readonly merchants: number;
  readonly fraudRate: number;
  readonly start: number | undefined;
}

/** Records to be put, and what is known of their origin. `rejected` counts bad lines so far. */
export interface Source {
  readonly groups: Iterable<readonly UserRecord[]> | AsyncIterable<readonly UserRecord[]>;
  readonly origin: { readonly seed: number } | { readonly input: string };
  rejected(): number;
}

/** Bad lines told on stderr; the others are only counted. */
const BAD_LINES_TOLD = 10;

/** The source of the flags: a generated world, or a file of transactions (`-` is stdin). */
export async function openSource(values: SourceValues, outside: Outside): Promise<Source> {
  if (values.input !== undefined) return inputSource(values.input, outside);
  const seed = values.seed ?? Math.floor(outside.random() * 2 ** 32);
  const made = await world({ ...values, seed, start: values.start ?? outside.clock.now() });
  return { groups: userRecords(made), origin: { seed }, rejected: () => 0 };
}

async function inputSource(path: string, outside: Outside): Promise<Source> {
  let rejected = 0;
  const reject = (bad: BadLine): void => {
    rejected += 1;
    if (rejected <= BAD_LINES_TOLD) void outside.err.write(`${badLineText(bad)}\n`);
    if (rejected === BAD_LINES_TOLD) void outside.err.write('Further bad lines are only counted.\n');
  };
  const isStdin = path === '-';
  const chunks = isStdin ? outside.input : await opened(path, outside.stop);
  const groups = transactionInput(chunks, isStdin ? 'stdin' : path, reject);
  return { groups, origin: { input: path }, rejected: () => rejected };
}

/** The bytes of a file that exists; they end when the run is stopped. */
async function opened(path: string, stop: AbortSignal): Promise<AsyncIterable<Uint8Array>> {
  try {
    const file = await open(path);
    const isFile = (await file.stat()).isFile();
    await file.close();
    if (!isFile) throw new Error('it is not a file');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new FraudstreamError('no-input', `--input ${path} cannot be read: ${reason}.`, { cause });
  }
  return untilStopped(createReadStream(path), stop);
}
