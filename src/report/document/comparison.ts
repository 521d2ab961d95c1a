import { type Figure, type Figures, type FigureUnit, figuresOf } from '../../metrics/figures.ts';
import { figuresNamed } from '../../metrics/thresholds.ts';
import { count, percent, perSecond, span } from '../../text/format.ts';
import type { Comparison, ComparisonRow, ReportDocument } from './report-document.ts';

/**
 * A parsed `--allow-change`, by which a comparison finds regressions: how far a figure may rise (or, below zero, fall) from the baseline.
 *
 * Allowances are fixed; there is no bootstrap or test of significance.
 */
export interface Allowance {
  readonly expression: string;
  readonly name: string;
  readonly by: number;
  readonly isShare: boolean;
}

/** Figures that are always compared. */
const always: readonly RegExp[] = [
  /^(latency\.end_to_end|scoring\.(service|response)|delivery\.response)\.(p50|p99)$/,
  /^delivery\.records_per_second$|^scoring\.transactions_per_second$/,
  /^search\.(capacity|goodput|knee)_per_second$/,
  /^quality\.(precision|recall|average_precision|roc_auc|cost)$/,
];

/** A `--limit` name that selects no figure, or several; `candidates` are the figures that it matches. */
export interface UnclearName {
  readonly name: string;
  readonly candidates: readonly string[];
}

/** Returns the names that do not select exactly one figure in each of the two reports. */
export function unclearNames(
  now: ReportDocument,
  before: ReportDocument,
  allowances: readonly Allowance[],
): readonly UnclearName[] {
  const reports = [figuresOf(now), figuresOf(before)];
  return allowances.flatMap(({ name }) => {
    const found = reports.map((figures) => figuresMatching(name, figures));
    if (found.every(({ length }) => length === 1)) return [];
    const isUnknown = found.some(({ length }) => length === 0);
    const candidates = new Set(found.flatMap((figures) => figures.map((figure) => figure.name)));
    return [{ name, candidates: isUnknown ? [] : [...candidates] }];
  });
}

/** Compares a report with a baseline: each figure, its change, and whether it regressed. */
export function comparison(
  now: ReportDocument,
  before: ReportDocument,
  baseline: string,
  allowances: readonly Allowance[],
): Comparison {
  const [figures, earlier] = [figuresOf(now), figuresOf(before)];
  const limited = allowances.flatMap((allowance) => {
    const [one] = figuresMatching(allowance.name, figures);
    const [other] = figuresMatching(allowance.name, earlier);
    return one && other ? [rowOf(one, other, allowance)] : [];
  });
  const named = new Set(limited.map(({ name }) => name));
  const others = [...figures.all.values()].flatMap((figure) => {
    const other = earlier.all.get(figure.name);
    const isShown = always.some((pattern) => pattern.test(figure.name)) && !named.has(figure.name);
    return isShown && other ? [rowOf(figure, other, undefined)] : [];
  });
  const different = differentSettings(now, before);
  return {
    baseline,
    ...(different.length > 0 && { different_settings: different }),
    rows: [...limited, ...others],
  };
}

/** Settings that say where a report goes, not how the run was. */
const NOT_OF_RUN =
  /^(report|output|progress|config|live|checkpoint|resume|fail-if|baseline|limit)$/;

/** How the settings of a run differ from those of its baseline; a setting that was not given has its default. */
function differentSettings(now: ReportDocument, before: ReportDocument): readonly string[] {
  // A report without its configuration says nothing of it.
  if (!now.configuration || !before.configuration) return [];
  const valuesOf = ({ configuration = [] }: ReportDocument): ReadonlyMap<string, string> =>
    new Map(configuration.map(({ name, value }) => [name, value]));
  const [mine, theirs] = [valuesOf(now), valuesOf(before)];
  const names = [...new Set([...mine.keys(), ...theirs.keys()])].filter(
    (name) => !NOT_OF_RUN.test(name) && mine.get(name) !== theirs.get(name),
  );
  const shown = (value = 'its default'): string => value;
  return names.map(
    (name) => `${name} ${shown(mine.get(name))} instead of ${shown(theirs.get(name))}`,
  );
}

/** Finds figures by name as `--fail-if` does, and by their JSON names, which end with a unit. */
function figuresMatching(name: string, figures: Figures): readonly Figure[] {
  const found = figuresNamed(name, figures);
  const withoutUnit = name.replace(/_(ms|seconds|bytes|share)$/, '');
  return found.length > 0 ? found : figuresNamed(withoutUnit, figures);
}

function rowOf(now: Figure, before: Figure, allowance: Allowance | undefined): ComparisonRow {
  const change = now.value - before.value;
  const share = before.value === 0 ? Number.NaN : change / Math.abs(before.value);
  const row = {
    name: now.name,
    before: written(before),
    now: written(now),
    change: Number.isFinite(share) ? signed(share) : change === 0 ? 'same' : '–',
  };
  const isMeasured = Number.isFinite(change);
  if (!allowance) return { ...row, regressed: false, is_measured: isMeasured };
  const { by, isShare, expression } = allowance;
  const allowed = expression.slice(expression.lastIndexOf(':') + 1);
  const most = isShare ? by * Math.abs(before.value) : by;
  const isIn = by < 0 ? change >= most : change <= most;
  const regressed = isMeasured && !isIn;
  const reason = `${now.name}: ${row.now} instead of ${row.before} (${row.change}, allowed ${allowed})`;
  return { ...row, allowed, regressed, is_measured: isMeasured, ...(regressed && { reason }) };
}

/** Returns the result of a row; undefined where no `--limit` is set for its figure. */
export function comparisonState(
  row: ComparisonRow,
): 'regressed' | 'passed' | 'not measured' | undefined {
  if (row.allowed === undefined) return undefined;
  if (row.regressed) return 'regressed';
  return row.is_measured === false ? 'not measured' : 'passed';
}

function signed(share: number): string {
  return `${share < 0 ? '−' : '+'}${percent(Math.abs(share))}`;
}

function written({ value, unit }: Figure): string {
  if (!Number.isFinite(value)) return 'not measured';
  const forms: Readonly<Record<FigureUnit, (value: number) => string>> = {
    ms: span,
    'per-second': perSecond,
    share: percent,
    bytes: count,
    number: (number) => (Number.isInteger(number) ? count(number) : number.toPrecision(4)),
  };
  return forms[unit](value);
}
