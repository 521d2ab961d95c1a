import type { TransactionContract } from '../../contract/transactions-contract.ts';
import { formedRecords } from '../../generators/user-records.ts';
import { type WorldSettings, world } from '../../generators/world.ts';
import { type OutputFile, openOutputFile } from '../../storage/output-file.ts';
import { take } from '../../stream/async-iterables.ts';
import { csvField } from '../../text/csv.ts';
import { type Label, labelLine } from '../../transactions/label.ts';
import type { UserRecord } from '../../transactions/user-record.ts';
import type { GenerateDependencies } from './generate.ts';
import { outputNames, type WriteLines } from './line-output.ts';

/** Which transactions are generated in the form of a contract, and where they go. */
export interface GenerateFormSettings {
  readonly world: WorldSettings & { readonly seed: number };
  readonly contract: TransactionContract;
  /** Ends after so many transactions. */
  readonly count: number;
  /** To the writer of the caller unless given. */
  readonly out: string | undefined;
  readonly labels: 'none' | 'sidecar';
}

/** What was generated. `files` are the names of the output; none is there where `isStopped`. */
export interface GeneratedForm {
  readonly count: number;
  readonly files: readonly string[];
  readonly isStopped: boolean;
}

const LINE_FEED = Buffer.from('\n');

/**
 * Generates the transactions of a world in the form of a contract: a line each, rows under a header, or lines of Base64 where
 * records are binary.
 *
 * Files are there whole or not at all; labels are in our own form beside them. Errors: those of `generate`.
 */
export async function generateForm(
  { world: settings, contract, count, out, labels }: GenerateFormSettings,
  { write, stop, onStart }: GenerateDependencies,
): Promise<GeneratedForm> {
  const { files } = outputNames({ out, format: 'ndjson', labels, manifest: 'none' });
  const form = { write: contract.writer(settings.seed), keyOf: () => '' };
  const frauds = new Map<string, Label>();
  const groups = formedRecords(await world(settings), form, (fraud) =>
    frauds.set(fraud.transaction_id, fraud),
  );
  const opened: OutputFile[] = [];
  const made = { count: 0 };
  onStart?.(made);
  try {
    for (const path of files) opened.push(await openOutputFile(path, {}));
    const [first, second] = opened;
    const lines: { readonly write: WriteLines } = first ?? { write };
    if (contract.columns) await lines.write(headerOf(contract, contract.columns));
    for await (const some of take(groups, count)) {
      if (stop.aborted) break;
      await lines.write(linesOf(some, contract));
      await second?.write(some.map(({ id }) => `${labelOf(id, frauds)}\n`).join(''));
      made.count += some.length;
    }
    await ended(opened, stop.aborted);
  } catch (error) {
    for (const file of opened) await file.discard();
    throw error;
  }
  return { count: made.count, files, isStopped: stop.aborted };
}

async function ended(files: readonly OutputFile[], isStopped: boolean): Promise<void> {
  for (const file of files) await file.finish();
  for (const file of files) await (isStopped ? file.discard() : file.publish());
}

function linesOf(records: readonly UserRecord[], contract: TransactionContract): Uint8Array {
  return Buffer.concat(records.flatMap(({ data }) => [lineOf(data, contract), LINE_FEED]));
}

function headerOf({ separator }: TransactionContract, columns: readonly string[]): string {
  return `${columns.map((name) => csvField(name, separator)).join(separator)}\n`;
}

function lineOf(data: Uint8Array, { isBinary }: TransactionContract): Uint8Array {
  if (!isBinary) return data;
  return Buffer.from(Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'));
}

function labelOf(id: string, frauds: Map<string, Label>): string {
  const fraud = frauds.get(id);
  frauds.delete(id);
  if (fraud) return labelLine(fraud);
  const unknown = { fraud_scenario: null, campaign_id: null, reported_at: null, merchant_id: null };
  return labelLine({ transaction_id: id, is_fraud: false, ...unknown });
}
