import { errorKinds } from '../transactions/scoring-outcome.ts';

/** Unit of a figure; thresholds on it have the same unit. */
export type FigureUnit = 'ms' | 'per-second' | 'bytes' | 'share' | 'number';

/** One number of a report. `whole` is what it is a part of, where it is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: FigureUnit;
  readonly whole: number | undefined;
}

/**
 * Every number of a report by its name, and the names that may appear while the run goes on.
 *
 * A name is the path in the JSON report without its unit: `latency.end_to_end.p99`. Lists of codes and
 * counts are `errors.timeout`; a code that did not happen is 0, which is what `open` is for, and `closed`
 * for the lists of which all codes are known.
 */
export interface Figures {
  readonly all: ReadonlyMap<string, Figure>;
  readonly open: readonly string[];
  readonly closed: ReadonlyMap<string, readonly string[]>;
}

/** Endings of names that are units, longest first, and what one of them is. */
const units: readonly (readonly [string, FigureUnit, number])[] = [
  ['_bytes_per_second', 'bytes', 1],
  ['_per_second', 'per-second', 1],
  ['_seconds', 'ms', 1000],
  ['_bytes', 'bytes', 1],
  ['_share', 'share', 1],
  ['_ms', 'ms', 1],
];

/** The parts of which the numbers beside them in the report are counts. */
const wholes: readonly string[] = [
  ...['settled', 'sent', 'transactions', 'compared', 'labelled', 'checked'],
];

/** What has no figures of its own: the details from which others are made. */
const detail: readonly string[] = ['series', 'scores', 'cards', 'worst', 'examples'];

/** Lists whose codes are the kinds of scoring's errors, and no others. */
const LIST_OF_KINDS = /(^|\.)(failures_by_kind|unscored_by_kind|scoring\.request_errors)$/;

/** Names of entries in lists, in the order of preference. */
const keys: readonly string[] = ['shard_id', 'scenario', 'stage', 'name', 'code', 'kind'];

/** Returns the figures of a report in its JSON form, names in snake case. */
export function figuresOf(report: unknown): Figures {
  const all = new Map<string, Figure>();
  const open: string[] = [];
  const closed = new Map<string, readonly string[]>();
  collect(report, [], { all, open, closed });
  return { all, open, closed };
}

interface Collection {
  readonly all: Map<string, Figure>;
  readonly open: string[];
  readonly closed: Map<string, readonly string[]>;
}

function collect(value: unknown, path: readonly string[], to: Collection): void {
  if (Array.isArray(value)) collectList(value, path, to);
  else if (typeof value === 'object' && value !== null) collectFields(value, path, to);
}

function collectFields(value: object, path: readonly string[], to: Collection): void {
  const fields = value as Readonly<Record<string, unknown>>;
  const wholeName = wholes.find((name) => typeof fields[name] === 'number');
  for (const [key, field] of Object.entries(value)) {
    // What could not be measured is null in a report.
    const number = field === null ? Number.NaN : field;
    const whole = wholeName === undefined || wholeName === key ? undefined : fields[wholeName];
    if (typeof number === 'number') add(key, number, path, whole as number | undefined, to);
    else collect(field, [...path, key], to);
  }
}

function add(
  key: string,
  value: number,
  path: readonly string[],
  whole: number | undefined,
  { all }: Collection,
): void {
  const [ending = '', unit = 'number', factor = 1] =
    units.find(([suffix]) => key.endsWith(suffix)) ?? [];
  const short = key.slice(0, key.length - (unit === 'per-second' ? 0 : ending.length));
  const name = [...path, short].join('.');
  const isPart = unit === 'number' && Number.isInteger(value);
  all.set(name, { name, value: value * factor, unit, whole: isPart ? whole : undefined });
}

function collectList(list: readonly unknown[], path: readonly string[], to: Collection): void {
  if (path.some((name) => detail.includes(name))) return;
  const name = path.join('.');
  if (LIST_OF_KINDS.test(name)) to.closed.set(name, errorKinds);
  else to.open.push(name);
  for (const item of list) {
    if (typeof item === 'object' && item !== null) collectItem(item, path, to);
  }
}

function collectItem(item: object, path: readonly string[], to: Collection): void {
  const fields = item as Readonly<Record<string, unknown>>;
  const key = keys.find((name) => typeof fields[name] === 'string');
  if (key === undefined) return;
  const named = [...path, String(fields[key])];
  const { [key]: _, ...rest } = fields;
  const isCount = Object.keys(rest).length === 1 && typeof rest.count === 'number';
  if (isCount) add(named.at(-1) ?? '', Number(rest.count), path, undefined, to);
  else collect(rest, named, to);
}
