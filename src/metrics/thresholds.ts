import { count, percent, perSecond, span } from '../text/format.ts';
import type { Figure, Figures } from './figures.ts';

/** Comparison operators of a `--fail-if` condition. */
export const operators = ['>=', '<=', '==', '!=', '>', '<'] as const;
export type Operator = (typeof operators)[number];

/** A parsed `--fail-if`, such as `latency.end_to_end.p99 > 250ms`: the run fails if the condition is true. */
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
  const found = figuresNamed(threshold.name, figures);
  if (found.length > 1) return { kind: 'ambiguous', names: found.map(({ name }) => name) };
  const figure = found[0] ?? notYet(threshold.name, figures);
  if (!figure) return { kind: 'unknown', names: [...figures.all.keys(), ...namesNotYet(figures)] };
  return isFit(threshold, figure) ? figure : { kind: 'unit', figure };
}

/** Evaluates thresholds; one whose figure is absent or not a number is not measured. */
export function evaluateThresholds(
  thresholds: readonly Threshold[],
  figures: Figures,
): readonly ThresholdResult[] {
  return thresholds.map((threshold) => {
    const { condition } = threshold;
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
