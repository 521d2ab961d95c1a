import { FraudstreamError } from '../../errors.ts';
import { parseDecimal } from './decimal.ts';
import { NumberText } from './number-text.ts';
import { UnreadableValue } from './unreadable-value.ts';

/** Pairs of theirs and ours, and what is ours where theirs is in no pair. */
export interface ValueMapSpec {
  readonly values: readonly (readonly [theirs: unknown, ours: unknown])[];
  readonly default?: unknown;
}

/** Values of a field by values of a record, and back. */
export interface ValueMap {
  /** Ours for theirs, which is compared as text: `1`, `"1"` and `1.0` are the same. */
  read(value: unknown): unknown;
  /** Theirs for ours; `undefined` where there is none. Of several the first. */
  write(fieldValue: unknown): unknown;
  /** True when `write` then `read` gives the same for every value that is ours. */
  readonly isInvertible: boolean;
}

/** Compiles a value map. Errors: `bad-config` for a value that stands there twice. */
export function valueMap({ values, default: otherwise }: ValueMapSpec): ValueMap {
  const ours = new Map<string, unknown>();
  const theirs = new Map<unknown, unknown>();
  for (const [their, our] of values) {
    const key = comparable(String(their));
    if (ours.has(key)) {
      throw new FraudstreamError('bad-config', `A value map has "${String(their)}" twice.`);
    }
    ours.set(key, our);
    if (!theirs.has(our)) theirs.set(our, their);
  }
  const some = values.slice(0, 8).map(([their]) => String(their));
  const more = values.length > some.length ? ', ...' : '';
  const unknown = new UnreadableValue(
    `must be one of ${some.join(', ')}${more}, as "values" has them`,
  );
  const fallback = otherwise === undefined ? unknown : otherwise;
  return {
    read: (value) => {
      if (typeof value === 'object' && !(value instanceof NumberText)) return unknown;
      const text = String(value);
      const found = ours.get(text);
      if (found !== undefined) return found;
      return ours.get(comparable(text)) ?? fallback;
    },
    write: (value) => theirs.get(value),
    isInvertible: otherwise === undefined && theirs.size === values.length,
  };
}

/** Numbers in their shortest form: `1.0` is `1`. */
function comparable(text: string): string {
  if (!/^[+-]?\d+\.\d*$/.test(text)) return text;
  const decimal = parseDecimal(text);
  if (!decimal) return text;
  const { isNegative, digits, scale } = decimal;
  const whole = digits.padStart(scale + 1, '0');
  const fraction = whole.slice(whole.length - scale).replace(/0+$/, '');
  const sign = isNegative && /[1-9]/.test(digits) ? '-' : '';
  return `${sign}${whole.slice(0, whole.length - scale)}${fraction === '' ? '' : `.${fraction}`}`;
}
