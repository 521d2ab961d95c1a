import { type Figure, type Figures, type FigureUnit, figuresOf } from '../../metrics/figures.ts';
import { figuresNamed } from '../../metrics/thresholds.ts';
import { count, percent, perSecond, span } from '../../text/format.ts';
import type { ReportDocument } from './report-document.ts';

/** By how much a figure may rise (or, below zero, fall) from the baseline: a share of it, or a step. */
export interface Allowance {
  readonly expression: string;
  readonly name: string;
  readonly by: number;
  readonly isShare: boolean;
}

/**
 * A figure before and now, written out. `allowed` and `reason` where there is a limit on it.
 *
 * A limit on what was not measured on either side decides nothing: `is_measured` is false.
 */
export interface ComparisonRow {
  readonly name: string;
  readonly before: string;
  readonly now: string;
  readonly change: string;
  readonly allowed?: string;
  readonly regressed: boolean;
  /** Absent in reports of earlier versions. */
  readonly is_measured?: boolean;
  readonly reason?: string;
}

/** A report beside an earlier one. */
export interface Comparison {
  readonly baseline: string;
  readonly rows: readonly ComparisonRow[];
}

/** Figures that are compared even where nobody limits them. */
const always: readonly RegExp[] = [
  /^(latency\.end_to_end|scoring\.(service|response)|delivery\.response)\.(p50|p99)$/,
  /^delivery\.records_per_second$|^scoring\.transactions_per_second$/,
  /^search\.(capacity|goodput|knee)_per_second$/,
  /^quality\.(precision|recall|average_precision|roc_auc|cost)$/,
];

/** A name that means no figure of both reports, or more than one of them: those that it may mean. */
export interface UnclearName {
  readonly name: string;
  readonly meant: readonly string[];
}

/** Names that are not those of one figure in each of the reports. */
export function unclearNames(
  now: ReportDocument,
  before: ReportDocument,
  allowances: readonly Allowance[],
): readonly UnclearName[] {
  const reports = [figuresOf(now), figuresOf(before)];
  return allowances.flatMap(({ name }) => {
    const found = reports.map((figures) => figuresMeant(name, figures));
    if (found.every(({ length }) => length === 1)) return [];
    const isUnknown = found.some(({ length }) => length === 0);
    const meant = new Set(found.flatMap((figures) => figures.map((figure) => figure.name)));
    return [{ name, meant: isUnknown ? [] : [...meant] }];
  });
}

/** What changed since the baseline, and whether more than is allowed. */
export function comparison(
  now: ReportDocument,
  before: ReportDocument,
  baseline: string,
  allowances: readonly Allowance[],
): Comparison {
  const [figures, earlier] = [figuresOf(now), figuresOf(before)];
  const limited = allowances.flatMap((allowance) => {
    const [one] = figuresMeant(allowance.name, figures);
    const [other] = figuresMeant(allowance.name, earlier);
    return one && other ? [rowOf(one, other, allowance)] : [];
  });
  const named = new Set(limited.map(({ name }) => name));
  const others = [...figures.all.values()].flatMap((figure) => {
    const other = earlier.all.get(figure.name);
    const isShown = always.some((pattern) => pattern.test(figure.name)) && !named.has(figure.name);
    return isShown && other ? [rowOf(figure, other, undefined)] : [];
  });
  return { baseline, rows: [...limited, ...others] };
}

/** As `--fail-if` names figures; also by the name in the JSON report, where a unit stands at the end. */
function figuresMeant(name: string, figures: Figures): readonly Figure[] {
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

/** What a row says of its limit; nothing where there is none. */
export function answerOfRow(row: ComparisonRow): 'regressed' | 'held' | 'not measured' | undefined {
  if (row.allowed === undefined) return undefined;
  if (row.regressed) return 'regressed';
  return row.is_measured === false ? 'not measured' : 'held';
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
