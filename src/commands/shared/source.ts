import type { Runtime } from '../../cli/runtime.ts';
import type { Values } from '../../cli/settings/define-setting.ts';
import type { TransactionContract } from '../../contract/transactions-contract.ts';
import { FraudstreamError } from '../../errors.ts';
import type { InputFigures } from '../../files/input.ts';
import type { BadLine } from '../../files/reading/row.ts';
import type { Recorded } from '../../files/recorded.ts';
import type { InputSettings } from '../../files/recorded-transactions.ts';
import {
  type FormedRecord,
  formedRecords,
  readableRecords,
  userRecords,
} from '../../generators/user-records.ts';
import type { PaceSettings } from '../../pacing/pace-settings.ts';
import type { Sourced } from '../../scoring/candidates.ts';
import { count } from '../../text/format.ts';
import type { Label } from '../../transactions/label.ts';
import { checkTransactions, printNotes, transactionsOf } from './contract.ts';
import type { orderSettings } from './flags/input-flags.ts';
import type { paceSettings } from './flags/pace-flags.ts';
import type { InputValues } from './input.ts';
import { madeWorld, type WorldValues } from './world.ts';

/** The flags that say where records come from. */
export interface RecordSourceValues extends WorldValues, InputValues, Values<typeof orderSettings> {
  readonly input: readonly string[];
}

/** Records to be put, and what is known of their origin. `rejected` counts bad lines so far. */
export interface RecordSource {
  readonly groups: Iterable<readonly Sourced[]> | AsyncIterable<readonly Recorded[]>;
  readonly origin: { readonly seed: number; readonly world?: string } | { readonly input: string };
  rejected(): number;
  /** What reading came to so far, as a report has it. */
  figures(): InputFigures;
  close(): Promise<void>;
}

/** Who is called for generated frauds, before the group that has them, and for bad lines. */
export interface Listeners {
  readonly onFraud?: (fraud: Label) => void;
  readonly onBadLine?: (bad: BadLine) => void;
  /** Records of files bring their features along; one without is a bad line. */
  readonly given?: InputSettings['given'];
  /** How many generated transactions come at once. */
  readonly groupSize?: number | undefined;
  /** What wants whole transactions, where records in another form are to be read back. */
  readonly needsTransactions?: string | undefined;
}

/** Making so many transactions takes some 20 us, for which answers and what is due have to wait. */
export const PACED_GROUP_SIZE = 4;

/** The source of the flags: a generated world, or files of transactions. */
export async function openRecordSource(
  values: RecordSourceValues,
  runtime: Runtime,
  { onFraud, onBadLine, given, groupSize, needsTransactions }: Listeners = {},
): Promise<RecordSource> {
  const contract = await transactionsOf(values);
  await printNotes(contract, values, runtime);
  if (needsTransactions !== undefined) checkTransactions(contract, needsTransactions);
  if (values.input.length > 0) {
    const { inputOf } = await import('./input.ts');
    const { ordered } = await import('../../files/ordering.ts');
    const input = await inputOf(values.input, values, runtime, onBadLine, given);
    const origin = { input: input.paths.join(', ') };
    const lateness = { late: 0 };
    const { sort, sortWindow: sortWindowMs } = values;
    const groups = ordered(input.read(), { sort, sortWindowMs }, lateness);
    const close = async (): Promise<void> => {
      if (lateness.late > 0) {
        const late = `${count(lateness.late)} records were too late for --sort-window`;
        await runtime.err.print(`${late}: give a longer one, or --sort.`);
      }
      await input.close();
    };
    return { groups, origin, rejected: input.rejected, figures: input.figures, close };
  }
  const { made, seed, file } = await madeWorld(values, runtime);
  const close = async (): Promise<void> => undefined;
  const origin = { seed, ...(file !== undefined && { world: file }) };
  if (!contract) {
    const groups =
      needsTransactions === undefined
        ? userRecords(made, onFraud, groupSize)
        : readableRecords(made, onFraud, groupSize);
    return { groups, origin, ...nothing, close };
  }
  const form = { write: contract.writer(seed), keyOf: contract.keyOf.bind(contract) };
  const formed = formedRecords(made, form, onFraud, groupSize);
  const groups = needsTransactions === undefined ? formed : readBack(formed, contract);
  return { groups, origin, ...nothing, close };
}

/** A generated world has no lines that could be bad. */
const nothing = { rejected: () => 0, figures: () => ({ rejectedLines: 0 }) };

/** The same records with the transaction that can be read from each: what its reader will know of it. */
function* readBack(
  groups: Iterable<readonly FormedRecord[]>,
  contract: TransactionContract,
): Generator<readonly Sourced[]> {
  for (const group of groups) {
    yield group.map((record): Sourced => {
      const found = contract.decode(record.data);
      if (!('problem' in found)) return { ...record, transaction: found.transaction };
      const { field, reason } = found.problem;
      const message = `The contract writes transaction ${record.id} so that it cannot be read: ${field} ${reason}.`;
      throw new FraudstreamError('bad-config', message);
    });
  }
}

/** The flags that say when records leave, and how many. */
type PaceValues = Values<typeof paceSettings>;

/** The flags as the pacing takes them. */
export function paceOf({ rate, stages, count, duration }: PaceValues): PaceSettings {
  return { perSecond: rate, stages, count, durationMs: duration };
}
