import type { TransactionContract } from '../../contract/transactions-contract.ts';
import type { Finding } from '../../transactions/finding.ts';
import { type ContractRow, contractRows, faultOf, partsOf } from '../contract-records.ts';
import type { ByteSourceDependencies } from '../reading/byte-source.ts';
import type { RowFault } from '../reading/row.ts';
import type { SequenceChecks } from './sequence-checks.ts';
import type { ValidatedRows } from './validate-rows.ts';

/** A file in the form of a contract that is to be judged. */
export interface ContractValidationSettings extends ByteSourceDependencies {
  readonly path: string;
  readonly contract: TransactionContract;
  readonly isCsv: boolean;
}

/**
 * Judges a file in the form of a contract, record by record: what is wrong is named by its pointer.
 *
 * Errors: those of opening it; `bad-config` for a column that is not there.
 */
export async function* validateContract(
  { path, contract, isCsv, ...dependencies }: ContractValidationSettings,
  sequence: SequenceChecks,
): AsyncGenerator<ValidatedRows, void, undefined> {
  const file = path === '-' ? 'stdin' : path;
  sequence.beginFile();
  for await (const rows of contractRows(path, contract, isCsv, dependencies)) {
    const judged = rows.flatMap((row) => judgedRow(row, file, sequence));
    const isInvalid = (findings: readonly Finding[]): boolean =>
      findings.some(({ severity }) => severity === 'error');
    yield {
      rows: judged.length,
      invalid: judged.filter(isInvalid).length,
      findings: judged.flat(),
    };
  }
}

/** The findings of each record of a row, which is mostly one. */
function judgedRow(
  row: ContractRow,
  file: string,
  sequence: SequenceChecks,
): readonly (readonly Finding[])[] {
  const faults = row.fault ? [row.fault] : faultsIn(row);
  const parts = faults.length > 0 ? partsOf(row) : undefined;
  if (parts) return parts.flatMap((part) => judgedRow(part, file, sequence));
  return [findingsOf(row, faults, file, sequence)];
}

function findingsOf(
  row: ContractRow,
  faults: readonly Fault[],
  file: string,
  sequence: SequenceChecks,
): readonly Finding[] {
  const at = { file, line: row.line };
  const finding = (severity: Finding['severity'], { field, value, reason }: Fault): Finding => ({
    ...{ severity, ...at, field, value: value ?? null, reason },
  });
  if (faults.length > 0) return faults.map((fault) => finding('error', fault));
  const record = row.contract.decode(row.bytes);
  if ('problem' in record) return [finding('error', faultOf(record.problem))];
  const { id, eventAt } = record;
  return sequence.add({ id, eventAt }, {}).map((oddity) => finding('warning', oddity));
}

type Fault = Pick<RowFault, 'field' | 'reason'> & { readonly value?: string | undefined };

function faultsIn({ bytes, contract }: ContractRow): readonly RowFault[] {
  const parsed = contract.parse(bytes);
  if ('reason' in parsed) return [{ field: '', value: undefined, reason: parsed.reason }];
  return contract.problems(parsed.value, bytes).map(faultOf);
}
