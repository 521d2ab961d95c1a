import type { TransactionContract } from '../../contract/transactions-contract.ts';
import type { Validation } from '../../metrics/validation.ts';
import { untilStopped } from '../../stream/async-iterables.ts';
import type { Finding } from '../../transactions/finding.ts';
import type { Mapping } from '../mapping/mapping.ts';
import type { MappingTally } from '../mapping/mapping-tally.ts';
import type { ByteSourceDependencies } from '../reading/byte-source.ts';
import { formIn, type InputFormat } from '../recorded-transactions.ts';
import type { SequenceChecks, SequenceProblems } from './sequence-checks.ts';
import { validateContract } from './validate-contract.ts';
import {
  kindOf,
  type RecordKind,
  sequenceOf,
  type ValidatedRows,
  type ValidationSettings,
  validateRows,
} from './validate-rows.ts';

/** Which files are validated, and as what. */
export interface ValidateSettings {
  readonly paths: readonly string[];
  /** Labels where the name of a file has `.labels.` in it unless given, else transactions. */
  readonly kind?: RecordKind | undefined;
  /** By the ending of each name unless given, else NDJSON. */
  readonly format?: InputFormat | undefined;
  /** Only for foreign files of transactions. */
  readonly mapping?: Mapping | undefined;
  /** The form of transactions where it is that of a contract. */
  readonly contract?: TransactionContract | undefined;
  /** A card number in a mapped field is an error. */
  readonly forbidsPan?: boolean;
}

/** What validating needs, and who is called while it goes on. `stop` ends it after the row it is at. */
export interface ValidateDependencies extends ByteSourceDependencies {
  readonly stop: AbortSignal;
  /** Counts records and findings, file by file. */
  readonly validation: Validation;
  /** What the mapping did, counted there. */
  readonly tally?: MappingTally;
  /** Called with all that is wrong with a group of rows. */
  readonly onFindings?: (findings: readonly Finding[]) => Promise<void>;
}

/**
 * Validates every row of files against the schema; gives what is odd between transactions and
 * between labels: identifiers that come again, event times that go back, unknown fields.
 *
 * Errors: `no-input` for a file that cannot be read, `bad-config` for a column that is not there.
 */
export async function validateFiles(
  { paths, kind: asked, format, mapping, forbidsPan, contract }: ValidateSettings,
  { input, s3, stop, validation, tally, onFindings }: ValidateDependencies,
): Promise<readonly SequenceProblems[]> {
  const sequences = { transaction: sequenceOf('transaction'), label: sequenceOf('label') };
  for (const path of paths) {
    const kind = asked ?? (mapping || contract ? 'transaction' : kindOf(path));
    validation.beginFile(path === '-' ? 'stdin' : path, kind);
    const file = { path, kind, mapping, format, input, s3, tally, forbidsPan };
    const groups = groupsOf(file, contract, sequences[kind]);
    for await (const group of untilStopped(groups, stop)) {
      validation.add(group.rows, group.invalid, group.findings);
      await onFindings?.(group.findings);
    }
    if (stop.aborted) break;
  }
  return [sequences.transaction.summary(), sequences.label.summary()];
}

/** A file is judged by the contract, or else as our own or by a mapping. */
async function* groupsOf(
  settings: ValidationSettings,
  contract: TransactionContract | undefined,
  sequence: SequenceChecks,
): AsyncGenerator<ValidatedRows, void, undefined> {
  if (!contract) {
    yield* validateRows(settings, sequence);
    return;
  }
  const { path, format, input, s3 } = settings;
  const isCsv = (await formIn(path, format)) === 'csv';
  yield* validateContract({ path, contract, isCsv, input, s3 }, sequence);
}
