import { type AmountFormat, amountFormat } from '../../contract/values/amount-format.ts';
import { identifierText } from '../../contract/values/identifier.ts';
import { instantFormat } from '../../contract/values/instant-format.ts';
import { NumberText } from '../../contract/values/number-text.ts';
import { UnreadableValue } from '../../contract/values/unreadable-value.ts';
import { instantText } from '../../transactions/instant.ts';
import {
  decimalAmounts,
  type FieldSource,
  instantFields,
  instantSpec,
  type Mapping,
} from './mapping.ts';

/** Gives what a field holds for what stands in a column. */
export type ReadField = (value: unknown) => unknown;

const minorUnits = new Set(['amount_minor', 'billing_amount_minor']);
const wholeNumbers = new Set(['account_age_days', 'schema_version']);
const notWhole = new UnreadableValue('must be a whole number');
const truths = new Map([
  ...['true', '1', 'yes', 'y', 't'].map((text) => [text, true] as const),
  ...['false', '0', 'no', 'n', 'f'].map((text) => [text, false] as const),
]);
const noTruth = new UnreadableValue('must be true or false, 1 or 0');

/** The reader of a field that is no amount in whole units. `onRounded` is called where a whole number was rounded. */
export function fieldReader(
  field: string,
  source: FieldSource | undefined,
  mapping: Mapping,
  onRounded: () => void,
): ReadField {
  if (instantFields.has(field)) return instantReader(source, mapping);
  if (field === 'is_fraud') return labelReader(mapping);
  if (field === 'card_present') return (value) => truths.get(comparable(value)) ?? noTruth;
  if (wholeNumbers.has(field)) {
    const format = amountFormat({ as: 'minor' });
    return (value) => {
      const number = format.read(value, undefined);
      return typeof number === 'number' ? number : notWhole;
    };
  }
  if (minorUnits.has(field)) {
    const format = amountFormat({ as: 'minor', ...mapping.amount });
    return (value) => format.read(value, undefined, onRounded);
  }
  return identifierText;
}

/** The readers of amounts in whole units: by field, with what they need. */
export function amountReader(mapping: Mapping): AmountFormat {
  return amountFormat({ as: 'decimal', ...mapping.amount });
}

/** True for a field of whole units, which needs a currency. */
export const isDecimalAmount = (field: string): boolean => Object.hasOwn(decimalAmounts, field);

function instantReader(source: FieldSource | undefined, mapping: Mapping): ReadField {
  const format = instantFormat(instantSpec(mapping, source));
  return (value) => {
    const epochMs = format.read(value);
    return typeof epochMs === 'number' ? instantText(epochMs) : epochMs;
  };
}

/** True, false, or `unknown` for what is neither. */
function labelReader({ fraud, genuine }: Mapping): ReadField {
  const labels = new Map([
    ...fraud.map((text) => [comparable(text), true] as const),
    ...genuine.map((text) => [comparable(text), false] as const),
  ]);
  return (value) => labels.get(comparable(value)) ?? 'unknown';
}

/** In small letters; `1.0` is `1`. */
function comparable(value: unknown): string {
  const isPlain = typeof value !== 'object' || value instanceof NumberText;
  const text = isPlain ? String(value).trim().toLowerCase() : '';
  return /^[01]\.0*$/.test(text) ? text.charAt(0) : text;
}
