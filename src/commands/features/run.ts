import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { LabelledFeatures } from '../../features/labelled-features.ts';
import { featureNames } from '../../features/manifest.ts';
import { FeatureRows, rowColumns } from '../../files/feature-rows.ts';
import { keepFeatures, restoredFeatures } from '../../files/feature-state-file.ts';
import { labelsOf } from '../../files/labels.ts';
import { parquetFile } from '../../files/parquet-writer.ts';
import { ipRanges } from '../../geoip/ip-ranges.ts';
import { progress } from '../../report/progress.ts';
import type { Sourced } from '../../scoring/candidates.ts';
import { type OutputFile, openOutputFile } from '../../storage/output-file.ts';
import { take } from '../../stream/async-iterables.ts';
import { count, perSecond } from '../../text/format.ts';
import type { Label } from '../../transactions/label.ts';
import { openRecordSource, type RecordSource } from '../shared/source.ts';
import type { FeaturesValues } from './flags.ts';

/** Rows of a generated world where nobody says how many. */
const COUNT_OF_WORLD = 1000;

/** Transactions to rows: features as they were online, the truth beside them. */
export async function features(values: FeaturesValues, runtime: Runtime): Promise<ExitCode> {
  const addresses = ipRanges(values.ipSpace);
  const form = rowFormat(values.out) === 'csv' ? 'csv' : 'ndjson';
  const { restore, snapshot } = values;
  const labelled =
    restore === undefined
      ? new LabelledFeatures(addresses)
      : await restoredFeatures(restore, addresses);
  const lateBefore = labelled.late;
  const generated = new Map<string, Label>();
  const onFraud = (fraud: Label): void => {
    generated.set(fraud.transaction_id, fraud);
    labelled.expect(fraud);
  };
  const source = await openRecordSource(values, runtime, {
    onFraud,
    needsTransactions: 'features',
  });
  const filed = values.labels === undefined ? undefined : await labelsOf(values.labels);
  for (const label of filed?.all() ?? []) labelled.expect(label);
  const labelOf = (id: string): Label | undefined => filed?.of(id) ?? taken(generated, id);
  const areOthersGenuine = !('input' in source.origin) || filed?.areOthersGenuine === true;
  const rows = new FeatureRows(labelled, labelOf, areOthersGenuine, form);
  await writeAll(rows, source, values, runtime);
  await filed?.printNotes(runtime);
  // After a signal there is no file of rows, and a state would be ahead of it.
  const isLost = runtime.stop.aborted && values.out !== undefined;
  if (snapshot !== undefined && !isLost) await keepFeatures(snapshot, labelled);
  const bad = source.rejected();
  await runtime.err.print(endText(rows.count, labelled.late - lateBefore, bad));
  if (rows.count > 0 && rows.emptyColumns.length > 0) {
    const empty = rows.emptyColumns.join(', ');
    await runtime.err.print(`Empty in every row: ${empty}. docs/features.md lists what they need.`);
  }
  return bad > 0 ? exitCodes.badData : exitCodes.ok;
}

function endText(rows: number, late: number, bad: number): string {
  const lateOnes = late > 0 ? `, ${count(late)} of them late (--sort orders files)` : '';
  const rest = bad > 0 ? `, ${count(bad)} bad lines left out` : '';
  return `${count(rows)} rows of features${lateOnes}${rest}`;
}

/** The label of a generated fraud, which is asked for once. */
function taken(labels: Map<string, Label>, id: string): Label | undefined {
  const label = labels.get(id);
  labels.delete(id);
  return label;
}

async function writeAll(
  rows: FeatureRows,
  source: RecordSource,
  values: FeaturesValues,
  runtime: Runtime,
): Promise<void> {
  const isWorld = 'seed' in source.origin;
  const most = values.count ?? (isWorld ? COUNT_OF_WORLD : undefined);
  const groups: AsyncIterable<readonly Sourced[]> | Iterable<readonly Sourced[]> =
    most === undefined ? source.groups : take<Sourced>(source.groups, most);
  const file = await openRows(values.out);
  const to = file ?? runtime.out;
  const shown = rowProgress(rows, most, values, runtime);
  try {
    await to.write(rows.header());
    for await (const group of groups) {
      if (runtime.stop.aborted) break;
      await to.write(rows.of(group));
    }
    await file?.finish();
    if (runtime.stop.aborted) await file?.discard();
    else await file?.publish();
  } catch (error) {
    await file?.discard();
    throw error;
  } finally {
    shown.stop();
    await source.close();
  }
}

/**
 * The form of the rows by the ending of the file's name: CSV unless it says otherwise.
 *
 * Errors: `usage` for Parquet that would be compressed twice.
 */
function rowFormat(out: string | undefined): 'csv' | 'ndjson' | 'parquet' {
  const [, ending = '', zip] = /\.(ndjson|jsonl|parquet)(\.gz)?$/i.exec(out ?? '') ?? [];
  if (ending === '') return 'csv';
  if (ending.toLowerCase() !== 'parquet') return 'ndjson';
  if (zip === undefined) return 'parquet';
  throw new FraudstreamError('usage', `${out}: Parquet is compressed inside. Leave out .gz.`);
}

async function openRows(out: string | undefined): Promise<OutputFile | undefined> {
  if (out === undefined) return undefined;
  const file = await openOutputFile(out);
  return rowFormat(out) === 'parquet' ? parquetFile(file, rowColumns, featureNames) : file;
}

function rowProgress(
  rows: FeatureRows,
  most: number | undefined,
  values: FeaturesValues,
  { clock, err }: Runtime,
): { stop(): void } {
  let before = { at: clock.now(), count: 0 };
  const moment = (): { readonly done: number; readonly text: string } => {
    const at = clock.now();
    const rate = perSecond((1000 * (rows.count - before.count)) / (at - before.at));
    before = { at, count: rows.count };
    return { done: rows.count, text: `${count(rows.count)} rows, ${rate}` };
  };
  return progress(values.progress, most, moment, err, clock);
}
