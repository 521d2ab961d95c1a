import { createHash } from 'node:crypto';
import type { PartIdentity, ReportDocument } from '../document/report-document.ts';
import { sum } from './merge-rules.ts';

type Source = Readonly<Record<string, unknown>>;

/** Fields that count records. */
const counts: readonly string[] = [
  ...['rejected_lines', 'unread_records', 'out_of_range_records', 'rounded_amounts'],
  ...['absent_values', 'unlabelled_rows', 'delayed_reports'],
];

/** Merges the sources of parts: counts add up, other fields stay if they agree. */
export function sources(parts: readonly Source[]): Source {
  const keys = [...new Set(parts.flatMap((part) => Object.keys(part)))];
  return Object.fromEntries(
    keys.flatMap((key) => {
      const values = parts.flatMap((part) => (part[key] === undefined ? [] : [part[key]]));
      if (counts.includes(key)) return [[key, sum(values.map(Number))]];
      const different = [...new Set(values)];
      if (key === 'input') return [[key, different.join(', ')]];
      return different.length === 1 ? [[key, different[0]]] : [];
    }),
  );
}

/** Settings that make the world; with the seed they decide every byte. */
const worldSettings: readonly string[] = [
  ...['cards', 'merchants', 'fraud-rate', 'scenario', 'world', 'start', 'countries', 'ip-space'],
];
/** Settings that decide how much of a source is taken. */
const windowSettings: readonly string[] = [
  ...['rate', 'stages', 'count', 'duration', 'from', 'until', 'filter', 'limit', 'loop', 'speed'],
];
/** Settings that define a figure: under others the same run has another one. */
const definitionSettings: readonly string[] = [
  ...['warm-up', 'late-after', 'forget-after', 'drain', 'listen-on', 'ordered', 'record-ttl'],
  ...['threshold', 'cost-missed', 'cost-alarm', 'parity', 'parity-tolerance', 'fail-if'],
  ...['timeout', 'drop-after', 'features', 'feature-order', 'model-version'],
];

/** The virtual shards of a world that are dealt out to its slices. */
const VIRTUAL_SHARDS = 64;
const WHOLE = '1/1';

/** Returns the identities of the runs in a report: one, or those of all merged parts. */
export function identitiesOf(document: ReportDocument): readonly PartIdentity[] {
  if (document.merged) return document.merged.parts ?? [];
  const { configuration } = document;
  // A report of a program that uses the library says nothing of settings.
  if (!configuration) return [];
  const known = new Map(configuration.map(({ name, value }) => [name, canonical(value)]));
  const names = [...worldSettings, ...windowSettings, ...definitionSettings];
  const settings = Object.fromEntries(
    names.flatMap((name) => (known.has(name) ? [[name, known.get(name) ?? '']] : [])),
  );
  const source = sourceOf(document);
  const isWorld = source.startsWith('seed ');
  const world = document.source?.world;
  return [
    {
      source,
      partition: (isWorld ? known.get('partition') : undefined) ?? WHOLE,
      size: createHash('sha256').update(sizeOf(document)).digest('hex').slice(0, 16),
      settings: typeof world === 'string' ? { ...settings, world } : settings,
    },
  ];
}

/**
 * Returns why parts are not one whole load, in sentences: slices of a world that
 * are absent, transactions that count twice, and settings that differ where they must not.
 */
export function misfitsOf(parts: readonly PartIdentity[]): readonly string[] {
  const sources = [...new Set(parts.map(({ source }) => source))];
  const ofSources = sources.flatMap((source) => {
    const same = parts.filter((part) => part.source === source);
    if (source.startsWith('seed ')) {
      return [
        ...sliceMisfits(source, same),
        ...differences([...worldSettings, ...windowSettings], same, ` of ${source}`),
      ];
    }
    return source === '' ? [] : inputMisfits(source, same);
  });
  return [...ofSources, ...differences(definitionSettings, parts, '')];
}

function sourceOf({ source, seed }: ReportDocument): string {
  const known = source?.seed ?? seed;
  if (known !== undefined) return `seed ${known}`;
  const input = source?.input;
  return typeof input === 'string' && input !== '-' ? `input ${input}` : '';
}

/** Two runs of one input have sent the same, as far as counts can say it. */
function sizeOf({ delivery, scoring, correlation }: ReportDocument): string {
  return JSON.stringify([
    delivery?.sent,
    delivery?.bytes,
    scoring?.transactions,
    correlation?.sent,
  ]);
}

/** Spans and counts in one spelling each: `10s` and `10000ms` are the same. */
function canonical(value: string): string {
  const [, number, unit = ''] =
    /^(\d+(?:\.\d+)?)(ms|s|m|h|d|k\/s|M\/s|\/s|k|M)?$/.exec(value) ?? [];
  const factors: Readonly<Record<string, number>> = {
    ...{ ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 },
    ...{ k: 1000, M: 1_000_000, 'k/s': 1000, 'M/s': 1_000_000 },
  };
  if (number === undefined || unit === '') return value;
  const amount = String(Number(number) * (factors[unit] ?? 1));
  if (unit.endsWith('/s')) return `${amount}/s`;
  return unit === 'k' || unit === 'M' ? amount : `${amount}ms`;
}

/** The settings of these names that are not the same in all parts which have them. */
function differences(
  names: readonly string[],
  parts: readonly PartIdentity[],
  whose: string,
): readonly string[] {
  return names.flatMap((name) => {
    const values = new Set(parts.map(({ settings }) => settings[name] ?? 'not set'));
    return values.size > 1 ? [`--${name}${whose} differs: ${[...values].join(', ')}`] : [];
  });
}

/** The runs of one world: each virtual shard belongs to exactly one of them, or something is wrong. */
function sliceMisfits(source: string, parts: readonly PartIdentity[]): readonly string[] {
  const slices = parts.map(({ partition }) => partition);
  const names = [...new Set(slices)];
  const twice = names.filter((name) => slices.indexOf(name) !== slices.lastIndexOf(name));
  const overlapping = names.flatMap((one, index) =>
    names.slice(index + 1).flatMap((other) => (doOverlap(one, other) ? [[one, other]] : [])),
  );
  const absent = absentSlices(names);
  return [
    ...(absent.length > 0 ? [`absent of ${source}: part ${absent.join(', part ')}`] : []),
    ...twice.map((name) => `${named(name)} of ${source} occurs more than once`),
    ...overlapping.map(
      ([one = '', other = '']) =>
        `${named(one)} and ${named(other)} of ${source} overlap: their common transactions count twice`,
    ),
  ];
}

function named(slice: string): string {
  return slice === WHOLE ? 'the whole world' : `part ${slice}`;
}

function numbersOf(slice: string): readonly [index: number, of: number] {
  const [number = 1, of = 1] = slice.split('/').map(Number);
  return [number - 1, of];
}

function doOverlap(one: string, other: string): boolean {
  const [[a, n], [b, m]] = [numbersOf(one), numbersOf(other)];
  return shards().some((shard) => shard % n === a && shard % m === b);
}

/** Slices of the finest division that no part has. */
function absentSlices(slices: readonly string[]): readonly string[] {
  const divisions = slices.map(numbersOf);
  const finest = Math.max(...divisions.map(([, of]) => of));
  const isCovered = (shard: number): boolean =>
    divisions.some(([index, of]) => shard % of === index);
  const open = shards().filter((shard) => !isCovered(shard));
  const absent = new Set(open.map((shard) => (shard % finest) + 1));
  return [...absent].sort((a, b) => a - b).map((number) => `${number}/${finest}`);
}

function shards(): readonly number[] {
  return Array.from({ length: VIRTUAL_SHARDS }, (_, shard) => shard);
}

/** Machines may have other files of one name: only equal counts under equal settings are the same records. */
function inputMisfits(source: string, parts: readonly PartIdentity[]): readonly string[] {
  const keys = parts.map(({ size, settings }) =>
    JSON.stringify([size, ...windowSettings.map((name) => settings[name] ?? null)]),
  );
  const isTwice = keys.some((key, index) => keys.indexOf(key) !== index);
  return isTwice ? [`${source} occurs more than once: its transactions count twice`] : [];
}
