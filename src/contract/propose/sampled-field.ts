import { isCardNumber, isMissingText } from '../values/identifier.ts';
import { NumberText } from '../values/number-text.ts';

/** What the values of a sampled field are. */
export type SampledKind = 'text' | 'number' | 'boolean' | 'list' | 'mixed';

/** A field of sampled records: where it stands, and its values. */
export interface SampledField {
  /** The names that lead to it. */
  readonly steps: readonly string[];
  /** As a mapping and a message name it: a column, or an RFC 6901 pointer. */
  readonly path: string;
  /** The names in small letters, a word each: `card token id` of `card.tokenId`. */
  readonly words: string;
  readonly kind: SampledKind;
  /** By record; undefined where it has none. */
  readonly values: readonly (string | undefined)[];
  /** The values that are there. */
  readonly present: readonly string[];
}

/** Fields beyond these are not looked at: records with a name for each key have no end of them. */
const MOST_FIELDS = 1_000;
const MOST_LEVELS = 16;

/** The fields of sampled records, in the order in which they first come; those of tables are all texts. */
export function sampledFields(records: readonly unknown[]): readonly SampledField[] {
  const drafts = new Map<string, Draft>();
  for (const [index, record] of records.entries()) collect(record, [], index, drafts);
  return [...drafts.values()].map(({ steps, kinds, values }) => {
    const all = Array.from({ length: records.length }, (_, index) => values.get(index));
    return {
      steps,
      path: pathOf(steps),
      words: wordsOf(steps),
      kind: kindOf(kinds),
      values: all,
      present: all.filter((value) => value !== undefined),
    };
  });
}

interface Draft {
  readonly steps: readonly string[];
  readonly kinds: Set<SampledKind>;
  readonly values: Map<number, string>;
}

function collect(
  value: unknown,
  steps: readonly string[],
  index: number,
  drafts: Map<string, Draft>,
): void {
  if (isRecord(value) && steps.length < MOST_LEVELS) {
    for (const [key, inner] of Object.entries(value)) {
      collect(inner, [...steps, key], index, drafts);
    }
    return;
  }
  const draft = steps.length > 0 ? draftAt(steps, drafts) : undefined;
  if (!draft) return;
  const text = textOf(value);
  const isThere = text !== undefined && text.trim() !== '' && !isMissingText(text);
  if (Array.isArray(value)) draft.kinds.add('list');
  if (!isThere) return;
  draft.kinds.add(kindOfValue(value));
  draft.values.set(index, text);
}

function draftAt(steps: readonly string[], drafts: Map<string, Draft>): Draft | undefined {
  const name = JSON.stringify(steps);
  const known = drafts.get(name);
  if (known || drafts.size >= MOST_FIELDS) return known;
  const draft: Draft = { steps, kinds: new Set(), values: new Map() };
  drafts.set(name, draft);
  return draft;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !(value instanceof NumberText || value instanceof Date || value instanceof Uint8Array);
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') {
    return String(value);
  }
  if (value instanceof NumberText) return value.text;
  return value instanceof Date ? value.toISOString() : undefined;
}

function kindOfValue(value: unknown): SampledKind {
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'string' || value instanceof Date ? 'text' : 'number';
}

function kindOf(kinds: ReadonlySet<SampledKind>): SampledKind {
  const [only, ...more] = kinds;
  return more.length > 0 ? 'mixed' : (only ?? 'mixed');
}

/** A column by its name; a path as RFC 6901 writes it. */
function pathOf(steps: readonly string[]): string {
  const [only = ''] = steps;
  if (steps.length === 1 && !only.startsWith('/')) return only;
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function wordsOf(steps: readonly string[]): string {
  return steps
    .join(' ')
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replace(/([A-Za-z])(\d)/g, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\d]+/gu, ' ')
    .trim();
}

/** A number that can be one of a card stands in it: alone, in groups, or within a track. */
const DIGITS = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;
/** Of random digits one in ten passes the Luhn check. */
const LEAST_SHARE = 0.5;
const PAN_NAMES = /\b(pan|cc ?(num(ber)?|no)|(credit )?card ?(num(ber)?|no)|track ?[12]?)\b/;

/** True where values are or hold card numbers: 13 to 19 digits, Luhn; or digits so long under the name of one. */
export function holdsCardNumbers({ words, present }: SampledField): boolean {
  const long = present.filter((text) => text.match(DIGITS));
  if (long.length === 0) return false;
  if (PAN_NAMES.test(words)) return true;
  const valid = long.filter((text) => text.match(DIGITS)?.some(isCardNumber));
  return valid.length / long.length >= LEAST_SHARE;
}
