import { ipRanges } from '../../addresses/ip-ranges.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import type { Recorded } from '../../files/recorded.ts';
import { count, perSecond } from '../../reporting/format.ts';
import { type ProgressForm, progress } from '../../reporting/progress.ts';
import type { Sourced } from '../../scoring/candidates.ts';
import { openOutputFile } from '../../storage/output-file.ts';
import { take } from '../../stream/take.ts';
import type { Outside } from '../outside.ts';
import { keepFeatures, newFeatures, restoredFeatures } from './feature-rows/kept-features.ts';
import { FeatureRows } from './feature-rows/rows.ts';
import { type Labels, labelsOf } from './scoring/labels.ts';
import { openSource, type Source, type SourceValues } from './sources/source.ts';

/** Everything that `features` can be told. */
export interface FeaturesValues extends SourceValues {
  readonly count: number | undefined;
  readonly labels: string | undefined;
  readonly out: string | undefined;
  readonly progress: ProgressForm;
  readonly restore: string | undefined;
  readonly snapshot: string | undefined;
}

/** Rows of a generated world where nobody says how many. */
const COUNT_OF_WORLD = 1000;

/** Transactions to rows: features as they were online, the truth beside them. */
export async function features(values: FeaturesValues, outside: Outside): Promise<ExitCode> {
  const addresses = ipRanges(values.ipSpace);
  const { restore, snapshot } = values;
  const kept =
    restore === undefined ? newFeatures(addresses) : await restoredFeatures(restore, addresses);
  const { online, frauds } = kept;
  const lateBefore = online.late;
  const source = await openSource(values, outside, { tell: frauds.tell });
  const told = values.labels === undefined ? undefined : await labelsOf(values.labels);
  if (told) for (const label of told.all()) frauds.tell(label);
  const rows = new FeatureRows(online, frauds, !('input' in source.origin) || told !== undefined);
  await writeAll(rows, told ? noting(source, told) : source, values, outside);
  await told?.tellUnused(outside);
  // After a signal there is no file of rows, and a state would be ahead of it.
  const isLost = outside.stop.aborted && values.out !== undefined;
  if (snapshot !== undefined && !isLost) await keepFeatures(snapshot, kept);
  const bad = source.rejected();
  await outside.err.write(`${endText(rows.count, online.late - lateBefore, bad)}\n`);
  return bad > 0 ? exitCodes.badData : exitCodes.held;
}

function endText(rows: number, late: number, bad: number): string {
  const lateOnes = late > 0 ? `, ${count(late)} of them late` : '';
  const rest = bad > 0 ? `, ${count(bad)} bad lines left out` : '';
  return `${count(rows)} rows of features${lateOnes}${rest}`;
}

/** The same source; its labels hear of each transaction. */
function noting(source: Source, labels: Labels): Source {
  async function* groups(): AsyncGenerator<readonly Recorded[], void, undefined> {
    for await (const group of source.groups as AsyncIterable<readonly Recorded[]>) {
      for (const { id } of group) labels.of(id);
      yield group;
    }
  }
  return { ...source, groups: groups() };
}

async function writeAll(
  rows: FeatureRows,
  source: Source,
  values: FeaturesValues,
  outside: Outside,
): Promise<void> {
  const isWorld = 'seed' in source.origin;
  const most = values.count ?? (isWorld ? COUNT_OF_WORLD : undefined);
  const groups: AsyncIterable<readonly Sourced[]> | Iterable<readonly Sourced[]> =
    most === undefined ? source.groups : take<Sourced>(source.groups, most);
  const file = values.out === undefined ? undefined : await openOutputFile(values.out);
  const to = file ?? outside.out;
  const shown = rowProgress(rows, most, values, outside);
  try {
    await to.write(rows.header());
    for await (const group of groups) {
      if (outside.stop.aborted) break;
      await to.write(rows.of(group));
    }
    await file?.finish();
    if (outside.stop.aborted) await file?.discard();
    else await file?.publish();
  } catch (error) {
    await file?.discard();
    throw error;
  } finally {
    shown.stop();
    await source.close();
  }
}

function rowProgress(
  rows: FeatureRows,
  most: number | undefined,
  values: FeaturesValues,
  { clock, err }: Outside,
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
