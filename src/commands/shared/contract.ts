import type { Runtime } from '../../cli/runtime.ts';
import type { Contract } from '../../contract/contract.ts';
import type { TransactionContract } from '../../contract/transactions-contract.ts';
import { FraudstreamError } from '../../errors.ts';

/** The contract of the flags. Errors: `bad-config`, with file and line, for what is none. */
export async function contractOf({
  contract: path,
}: {
  readonly contract: string | undefined;
}): Promise<Contract | undefined> {
  if (path === undefined) return undefined;
  const { contractFile } = await import('../../files/contract-file.ts');
  return contractFile(path);
}

/** The form of transactions of the flags; undefined for our own. */
export async function transactionsOf(values: {
  readonly contract: string | undefined;
}): Promise<TransactionContract | undefined> {
  return (await contractOf(values))?.transactions;
}

/** Says what reading does not give back of what the contract writes. */
export async function printNotes(
  contract: TransactionContract | undefined,
  { contract: path }: { readonly contract: string | undefined },
  { err }: Pick<Runtime, 'err'>,
): Promise<void> {
  for (const note of contract?.notes ?? []) await err.print(`${path}: ${note}.`);
}

/** Errors: `bad-config` where records of a contract are no transactions, which this command needs. */
export function checkTransactions(contract: TransactionContract | undefined, needs: string): void {
  if (!contract) return;
  const { lacks, format } = contract;
  if (format !== 'raw' && lacks.length === 0) return;
  const what = format === 'raw' ? 'has transactions of format raw' : `lacks ${lacks.join(', ')}`;
  const message = `The contract ${what}, and ${needs} needs whole transactions: add to its payload what is missing, or give it under "constants".`;
  throw new FraudstreamError('bad-config', message);
}
