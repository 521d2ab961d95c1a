import { messageOf } from '../../errors.ts';
import { csvField, csvFields } from '../../text/csv.ts';
import { parseJson } from '../../text/parse-json.ts';
import type { DecodedPayload, PayloadCodec } from '../payload-codec.ts';
import { replaced, sourceAt, spanAt, withoutMember } from './json-span.ts';

/** The bytes of one record: what is in them, and how one value of them is changed while all others stay. */
export interface PayloadForm {
  parse(bytes: Uint8Array): DecodedPayload;
  /** A number as it was written; undefined where the form has no text. */
  source(bytes: Uint8Array, steps: readonly string[]): string | undefined;
  /** The bytes with another value there. A text stays a text and a number a number, as it stood there. */
  set(bytes: Uint8Array, steps: readonly string[], value: string | number | bigint): Uint8Array;
  /** The bytes without the values there. */
  remove(bytes: Uint8Array, steps: readonly string[]): Uint8Array;
}

const QUOTE = 0x22;
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** One JSON value. */
export const jsonForm: PayloadForm = {
  parse: (bytes) => {
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      return { reason: 'is not UTF-8' };
    }
    try {
      return { value: parseJson(text) };
    } catch (error) {
      return { reason: `is not JSON (${messageOf(error)})` };
    }
  },
  source: sourceAt,
  set: (bytes, steps, value) => {
    const span = spanAt(bytes, steps);
    if (!span) return bytes;
    const isQuoted = bytes[span.from] === QUOTE;
    const isNumber = typeof value !== 'string' || /^-?(0|[1-9]\d*)(\.\d+)?$/.test(value);
    const text = isQuoted || !isNumber ? JSON.stringify(String(value)) : String(value);
    return replaced(bytes, span, Buffer.from(text));
  },
  remove: withoutMember,
};

/** One row of CSV, whose columns have these names. An empty field is absent. */
export function csvForm(columns: readonly string[], separator: string): PayloadForm {
  const indexOf = (steps: readonly string[]): number =>
    steps.length === 1 ? columns.indexOf(steps[0] as string) : -1;
  return {
    parse: (bytes) => {
      const fields = csvFields(bytes, separator);
      if (!fields) return { reason: 'is not CSV (a quote is not closed)' };
      const { values } = fields;
      if (values.length !== columns.length) {
        return { reason: `has ${values.length} fields, and there are ${columns.length} columns` };
      }
      const named = columns.map((name, index) => [name, values[index]] as const);
      return { value: Object.fromEntries(named.filter(([, value]) => value !== '')) };
    },
    source: () => undefined,
    set: (bytes, steps, value) => {
      const span = csvFields(bytes, separator)?.spans[indexOf(steps)];
      if (!span) return bytes;
      const text = csvField(String(value), separator);
      const isQuoted = bytes[span.from] === QUOTE && !text.startsWith('"');
      return replaced(bytes, span, Buffer.from(isQuoted ? `"${text}"` : text));
    },
    remove: (bytes, steps) => {
      const spans = csvFields(bytes, separator)?.spans ?? [];
      const index = indexOf(steps);
      const span = spans[index];
      if (!span) return bytes;
      const isFirst = index === 0;
      const from = isFirst ? span.from : span.from - 1;
      const end = isFirst && spans.length > 1 ? span.end + 1 : span.end;
      return replaced(bytes, { from, end }, new Uint8Array(0));
    },
  };
}

/** A record whose bytes a codec makes: it is decoded and encoded again for a change. */
export function codecForm(codec: PayloadCodec): PayloadForm {
  const changed = (
    bytes: Uint8Array,
    steps: readonly string[],
    change: (parent: Record<string, unknown>, key: string) => void,
  ): Uint8Array => {
    const decoded = codec.decode(bytes);
    if ('reason' in decoded) return bytes;
    const parent = steps
      .slice(0, -1)
      .reduce<unknown>((value, step) => childOf(value, step), decoded.value);
    const key = steps.at(-1);
    if (typeof parent !== 'object' || parent === null || key === undefined) return bytes;
    change(parent as Record<string, unknown>, key);
    return codec.encode(decoded.value);
  };
  return {
    parse: (bytes) => codec.decode(bytes),
    source: () => undefined,
    set: (bytes, steps, value) =>
      changed(bytes, steps, (parent, key) => {
        parent[key] = value;
      }),
    remove: (bytes, steps) =>
      changed(bytes, steps, (parent, key) => {
        delete parent[key];
      }),
  };
}

function childOf(value: unknown, step: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Record<string, unknown>)[step]
    : undefined;
}
