import { count, percent, perSecond, span } from '../text/format.ts';
import type { Figure, Figures } from './figures.ts';

/** In a condition: what follows must be true. Without it, what stands there must not be true. */
export const REQUIRE = 'require ';

/**
 * Names for the main figure of a report, and the figures they stand for: the first that the report has.
 *
 * `p50` to `p999` and `max` are of the main latency.
 */
const shortNames: ReadonlyMap<string, readonly string[]> = new Map([
  ...['p50', 'p90', 'p95', 'p99', 'p999', 'max'].map((name): [string, readonly string[]] => [
    name,
    ['latency.end_to_end', 'probe.response', 'scoring.response', 'delivery.response'].map(
      (latency) => `${latency}.${name}`,
    ),
  ]),
  ['loss', ['correlation.missing', 'delivery.failed', 'scoring.unscored']],
  [
    'errors',
    ['probe.errors', 'correlation.unscored', 'scoring.failed', 'delivery.failed_requests'],
  ],
  [
    'rate',
    ['probe.achieved_per_second', 'delivery.records_per_second', 'scoring.transactions_per_second'],
  ],
]);

/** Comparison operators of a condition. */
export const operators = ['>=', '<=', '==', '!=', '>', '<'] as const;
export type Operator = (typeof operators)[number];

/**
 * A parsed condition, such as `latency.end_to_end.p99 > 250ms`: the run fails if the comparison is true.
 *
 * Of `require latency.end_to_end.p99 <= 250ms` the operator is the opposite, `>`.
 */
export interface Threshold {
  readonly condition: string;
  readonly name: string;
  readonly operator: Operator;
  readonly value: number;
  readonly unit: 'ms' | 'per-second' | 'bytes' | 'percent' | 'none';
}

/**
 * A threshold evaluated against a report. `passed` is false where the condition is true.
 *
 * `passed` and `actual` are null where the figure was not measured: then the threshold decides nothing.
 */
export interface ThresholdResult {
  readonly condition: string;
  readonly passed: boolean | null;
  readonly actual: number | null;
  readonly actualText: string;
}

/** The result of a threshold as every rendering shows it. */
export type ThresholdState = 'failed' | 'passed' | 'not measured';

/** Returns the result of a threshold in words. */
export function thresholdState({ passed }: Pick<ThresholdResult, 'passed'>): ThresholdState {
  if (typeof passed !== 'boolean') return 'not measured';
  return passed ? 'passed' : 'failed';
}

const compare: Readonly<Record<Operator, (actual: number, limit: number) => boolean>> = {
  '>=': (actual, limit) => actual >= limit,
  '<=': (actual, limit) => actual <= limit,
  '==': (actual, limit) => actual === limit,
  '!=': (actual, limit) => actual !== limit,
  '>': (actual, limit) => actual > limit,
  '<': (actual, limit) => actual < limit,
};

/** Why the figure of a threshold cannot be looked up in a report. */
export type InvalidThreshold =
  | { readonly kind: 'unknown'; readonly names: readonly string[] }
  | { readonly kind: 'ambiguous'; readonly names: readonly string[] }
  | { readonly kind: 'unit'; readonly figure: Figure };

/** Returns the figure with this full name, or all figures whose names end with it. */
export function figuresNamed(name: string, { all }: Pick<Figures, 'all'>): readonly Figure[] {
  const exact = all.get(name);
  if (exact) return [exact];
  const found = [...all.values()].filter((figure) => figure.name.endsWith(`.${name}`));
  // Figures of `quality_of_scored` repeat the names of `quality`: only their full name selects them.
  const own = found.filter((figure) => !figure.name.startsWith('quality_of_scored.'));
  return own.length > 0 ? own : found;
}

/** Returns the figure of a threshold: by its full name, or by the end of exactly one name. */
export function figureOf(threshold: Threshold, figures: Figures): Figure | InvalidThreshold {
  const found = figuresNamed(fullName(threshold.name, figures), figures);
  if (found.length > 1) return { kind: 'ambiguous', names: found.map(({ name }) => name) };
  const figure = found[0] ?? notYet(threshold.name, figures);
  if (!figure) return { kind: 'unknown', names: [...figures.all.keys(), ...namesNotYet(figures)] };
  return isFit(threshold, figure) ? figure : { kind: 'unit', figure };
}

/** Returns what a short name stands for in a report; any other name as it is. */
function fullName(name: string, { all }: Pick<Figures, 'all'>): string {
  return shortNames.get(name)?.find((full) => all.has(full)) ?? name;
}

/** Returns the condition with the full name of its figure where it was written with a short one. */
function fullCondition({ condition, name }: Threshold, figures: Figures): string {
  const full = fullName(name, figures);
  return full === name ? condition : condition.replace(new RegExp(`\\b${name}\\b`), full);
}

/** Evaluates thresholds; one whose figure is absent or not a number is not measured. */
export function evaluateThresholds(
  thresholds: readonly Threshold[],
  figures: Figures,
): readonly ThresholdResult[] {
  return thresholds.map((threshold) => {
    const condition = fullCondition(threshold, figures);
    const figure = figureOf(threshold, figures);
    if ('kind' in figure || Number.isNaN(actualOf(threshold, figure))) {
      return { condition, passed: null, actual: null, actualText: 'not measured' };
    }
    const actual = actualOf(threshold, figure);
    const passed = !compare[threshold.operator](actual, threshold.value);
    // Error codes are open-ended, so this is the only hint to a mistyped one.
    const isUnseen = !figures.all.has(figure.name);
    const actualText = isUnseen
      ? `${actual}: no such code was seen`
      : actualTextOf(threshold, figure, actual);
    return { condition, passed, actual, actualText };
  });
}

/** Returns 0 for a code of a list of codes that did not occur. */
function notYet(name: string, figures: Figures): Figure | undefined {
  const list = name.slice(0, name.lastIndexOf('.'));
  const isEndOf = (path: string, end: string): boolean => path === end || path.endsWith(`.${end}`);
  const isOpen = figures.open.some((path) => isEndOf(path, list));
  const isKnown = namesNotYet(figures).some((path) => isEndOf(path, name));
  return list !== '' && (isOpen || isKnown)
    ? { name, value: 0, unit: 'number', whole: undefined }
    : undefined;
}

/** Returns every code of the lists whose codes are known. */
function namesNotYet({ closed }: Figures): readonly string[] {
  return [...closed].flatMap(([list, codes]) => codes.map((code) => `${list}.${code}`));
}

function isFit({ unit }: Threshold, figure: Figure): boolean {
  if (unit === 'none') return true;
  if (unit === 'percent') return figure.unit === 'share' || figure.unit === 'number';
  return unit === figure.unit;
}

/** Returns the figure, or its share of the whole where the threshold is a percentage. */
function actualOf({ unit }: Threshold, { value, whole }: Figure): number {
  if (unit !== 'percent' || whole === undefined) return value;
  return whole > 0 ? value / whole : Number.NaN;
}

function actualTextOf({ unit }: Threshold, figure: Figure, actual: number): string {
  if (unit === 'percent') return percent(actual);
  if (figure.unit === 'ms') return span(actual);
  if (figure.unit === 'per-second') return perSecond(actual);
  return Number.isInteger(actual) ? count(actual) : actual.toPrecision(4);
}
