import type { TransactionContract } from '../../contract/transactions-contract.ts';
import type { WriteLine } from '../../generators/lines/formed-blocks.ts';
import { keyOf } from '../../generators/numbers/random.ts';
import { completeSettings, type WorldSettings } from '../../generators/world.ts';
import { csvField } from '../../text/csv.ts';

/** The contract whose form lines have, and its file, which each thread reads. */
export interface FormedBlocksSettings {
  readonly contract: TransactionContract;
  readonly path: string;
}

/** Writes the line of a transaction, as it stands in files. */
export function lineWriter(contract: TransactionContract, settings: WorldSettings): WriteLine {
  const { seed } = completeSettings(settings);
  const write = contract.writer(typeof seed === 'number' ? seed : keyOf(seed));
  if (!contract.isBinary) return write;
  return (transaction, eventAt) =>
    Buffer.from(Buffer.from(write(transaction, eventAt)).toString('base64'));
}

/** What a file of transactions begins with. */
export function headerOf({ columns, separator }: TransactionContract): readonly string[] {
  return columns ? [`${columns.map((name) => csvField(name, separator)).join(separator)}\n`] : [];
}
