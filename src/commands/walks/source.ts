import { userRecords } from '../../generators/user-records.ts';
import type { UserRecord } from '../../records/user-record.ts';
import type { Outside } from '../outside.ts';
import { type InputValues, openInput } from './input.ts';
import { madeWorld, type WorldValues } from './made-world.ts';

/** What the flags say about where records come from. */
export interface SourceValues extends WorldValues, InputValues {
  readonly input: readonly string[];
}

/** Records to be put, and what is known of their origin. `rejected` counts bad lines so far. */
export interface Source {
  readonly groups: Iterable<readonly UserRecord[]> | AsyncIterable<readonly UserRecord[]>;
  readonly origin: { readonly seed: number } | { readonly input: string };
  rejected(): number;
  close(): Promise<void>;
}

/** The source of the flags: a generated world, or files of transactions. */
export async function openSource(values: SourceValues, outside: Outside): Promise<Source> {
  if (values.input.length > 0) {
    const input = await openInput(values.input, values, outside);
    const origin = { input: input.paths.join(', ') };
    return { groups: input.read(), origin, rejected: input.rejected, close: input.close };
  }
  const { made, seed } = await madeWorld(values, outside);
  const close = async (): Promise<void> => undefined;
  return { groups: userRecords(made), origin: { seed }, rejected: () => 0, close };
}
