import type { BadLine } from '../../../files/reading/row.ts';
import type { InputSettings, Recorded } from '../../../files/recorded.ts';
import { userRecords } from '../../../generators/user-records.ts';
import type { Label } from '../../../records/label.ts';
import type { UserRecord } from '../../../records/user-record.ts';
import type { Outside } from '../../outside.ts';
import { type InputValues, openInput } from './input.ts';
import { madeWorld, type WorldValues } from './made-world.ts';

/** What the flags say about where records come from. */
export interface SourceValues extends WorldValues, InputValues {
  readonly input: readonly string[];
}

/** Records to be put, and what is known of their origin. `rejected` counts bad lines so far. */
export interface Source {
  readonly groups: Iterable<readonly UserRecord[]> | AsyncIterable<readonly Recorded[]>;
  readonly origin: { readonly seed: number; readonly world?: string } | { readonly input: string };
  rejected(): number;
  close(): Promise<void>;
}

/** Who hears of generated frauds, before the group that holds them, and of bad lines, and what they ask. */
export interface Listeners {
  readonly tell?: (fraud: Label) => void;
  readonly reject?: (bad: BadLine) => void;
  /** Says what a transaction of a file misses, which makes its line a bad one. */
  readonly missing?: InputSettings['missing'];
}

/** The source of the flags: a generated world, or files of transactions. */
export async function openSource(
  values: SourceValues,
  outside: Outside,
  { tell, reject, missing }: Listeners = {},
): Promise<Source> {
  if (values.input.length > 0) {
    const input = await openInput(values.input, values, outside, reject, missing);
    const origin = { input: input.paths.join(', ') };
    return { groups: input.read(), origin, rejected: input.rejected, close: input.close };
  }
  const { made, seed, file } = await madeWorld(values, outside);
  const close = async (): Promise<void> => undefined;
  const origin = { seed, ...(file !== undefined && { world: file }) };
  return { groups: userRecords(made, tell), origin, rejected: () => 0, close };
}
