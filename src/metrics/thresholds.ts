import { count, percent, perSecond, span } from '../text/format.ts';
import type { Figure, Figures } from './figures.ts';

/** How a figure is compared with a limit. */
export const operators = ['>=', '<=', '==', '!=', '>', '<'] as const;
export type Operator = (typeof operators)[number];

/** An expression such as `latency.end_to_end.p99 > 250ms`: the run has failed if it holds. */
export interface Threshold {
  readonly expression: string;
  readonly name: string;
  readonly operator: Operator;
  readonly value: number;
  readonly unit: 'ms' | 'per-second' | 'bytes' | 'percent' | 'none';
}

/** What became of a limit. `actual` is undefined where the figure was not measured. */
export interface ThresholdResult {
  readonly expression: string;
  readonly holds: boolean;
  readonly actual: number | undefined;
  readonly told: string;
}

/** What a limit says of a run; `not measured` decides nothing. */
export type LimitAnswer = 'failed' | 'passed' | 'not measured';

/** The answer of a limit, also as it stands in a report: there what was not measured is null, or absent. */
export function answerOf({
  holds,
  actual,
}: {
  readonly holds: boolean;
  readonly actual?: number | null | undefined;
}): LimitAnswer {
  if (holds) return 'failed';
  return actual === undefined || actual === null ? 'not measured' : 'passed';
}

const compare: Readonly<Record<Operator, (actual: number, limit: number) => boolean>> = {
  '>=': (actual, limit) => actual >= limit,
  '<=': (actual, limit) => actual <= limit,
  '==': (actual, limit) => actual === limit,
  '!=': (actual, limit) => actual !== limit,
  '>': (actual, limit) => actual > limit,
  '<': (actual, limit) => actual < limit,
};

/** Why a limit cannot be looked up in a report. */
export type InvalidThreshold =
  | { readonly kind: 'unknown'; readonly names: readonly string[] }
  | { readonly kind: 'ambiguous'; readonly names: readonly string[] }
  | { readonly kind: 'unit'; readonly figure: Figure };

/** The figures that a name may mean: the one of that whole name, or those whose names end so. */
export function figuresNamed(name: string, { all }: Pick<Figures, 'all'>): readonly Figure[] {
  const exact = all.get(name);
  if (exact) return [exact];
  const found = [...all.values()].filter((figure) => figure.name.endsWith(`.${name}`));
  // What stands beside another section under the same names is meant only by its whole name.
  const own = found.filter((figure) => !figure.name.startsWith('quality_of_scored.'));
  return own.length > 0 ? own : found;
}

/** The figure that a limit speaks of: its whole name, or the end of exactly one name. */
export function figureOf(limit: Threshold, figures: Figures): Figure | InvalidThreshold {
  const found = figuresNamed(limit.name, figures);
  if (found.length > 1) return { kind: 'ambiguous', names: found.map(({ name }) => name) };
  const figure = found[0] ?? notYet(limit.name, figures);
  if (!figure) return { kind: 'unknown', names: [...figures.all.keys(), ...namesNotYet(figures)] };
  return isFit(limit, figure) ? figure : { kind: 'unit', figure };
}

/** Looks each limit up in a report; one whose figure is not there, or not a number, does not hold. */
export function judge(limits: readonly Threshold[], figures: Figures): readonly ThresholdResult[] {
  return limits.map((limit) => {
    const { expression } = limit;
    const figure = figureOf(limit, figures);
    if ('kind' in figure || Number.isNaN(actualOf(limit, figure))) {
      return { expression, holds: false, actual: undefined, told: 'not measured' };
    }
    const actual = actualOf(limit, figure);
    const holds = compare[limit.operator](actual, limit.value);
    // Whoever mistyped a code finds out by this alone: which ones there are, nobody knows.
    const isUnseen = !figures.all.has(figure.name);
    const told = isUnseen ? `${actual}: no such code was seen` : toldOf(limit, figure, actual);
    return { expression, holds, actual, told };
  });
}

/** A code that may yet happen has not: 0. */
function notYet(name: string, figures: Figures): Figure | undefined {
  const list = name.slice(0, name.lastIndexOf('.'));
  const isEndOf = (path: string, end: string): boolean => path === end || path.endsWith(`.${end}`);
  const isOpen = figures.open.some((path) => isEndOf(path, list));
  const isKnown = namesNotYet(figures).some((path) => isEndOf(path, name));
  return list !== '' && (isOpen || isKnown)
    ? { name, value: 0, unit: 'number', whole: undefined }
    : undefined;
}

/** Every code of the lists whose codes are known. */
function namesNotYet({ closed }: Figures): readonly string[] {
  return [...closed].flatMap(([list, codes]) => codes.map((code) => `${list}.${code}`));
}

function isFit({ unit }: Threshold, figure: Figure): boolean {
  if (unit === 'none') return true;
  if (unit === 'percent') return figure.unit === 'share' || figure.unit === 'number';
  return unit === figure.unit;
}

/** A count beside a percentage is the share of its whole. */
function actualOf({ unit }: Threshold, { value, whole }: Figure): number {
  if (unit !== 'percent' || whole === undefined) return value;
  return whole > 0 ? value / whole : Number.NaN;
}

function toldOf({ unit }: Threshold, figure: Figure, actual: number): string {
  if (unit === 'percent') return percent(actual);
  if (figure.unit === 'ms') return span(actual);
  if (figure.unit === 'per-second') return perSecond(actual);
  return Number.isInteger(actual) ? count(actual) : actual.toPrecision(4);
}
