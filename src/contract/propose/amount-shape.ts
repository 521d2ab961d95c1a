import { type AmountSpec, amountFormat } from '../values/amount-format.ts';
import type { SampledField } from './sampled-field.ts';

/** How the amounts of a field are written. */
export interface AmountShape extends Omit<AmountSpec, 'as'> {
  /** There are amounts below 0. */
  readonly isNegative: boolean;
  /** No amount has a fraction: it could be in minor units. */
  readonly isWhole: boolean;
}

type Separators = Omit<AmountSpec, 'as'>;

/** The first format that reads every amount, exactly if one does; undefined without one. */
export function amountShape(
  { values, present }: SampledField,
  currencyAt: (index: number) => string,
): AmountShape | undefined {
  if (present.length === 0) return undefined;
  const symbol = present.map((text) => /\p{Sc}|[A-Z]{1,3}\$?/u.exec(text)?.[0]).find(Boolean);
  const own = symbol === undefined ? {} : { symbol };
  const forms = separators(present).map((form) => ({ ...own, ...form }));
  const roundings = (['exact', 'half-even'] as const).flatMap((rounding) =>
    forms.map((form) => (rounding === 'exact' ? form : { ...form, rounding })),
  );
  for (const form of roundings) {
    const read = amountFormat({ as: 'decimal', ...form });
    const amounts = values.map((value, index) =>
      value === undefined ? 0 : read.read(value, currencyAt(index)),
    );
    if (!amounts.every((amount) => typeof amount === 'number')) continue;
    const isNegative = amounts.some((amount) => amount < 0);
    return { ...form, isNegative, isWhole: present.every((text) => /^-?\d+$/.test(text)) };
  }
  return undefined;
}

/** What can stand between the digits, the plainest first. */
function separators(present: readonly string[]): readonly Separators[] {
  const has = (form: RegExp): boolean => present.some((text) => form.test(text));
  const forms: Separators[] = [{}];
  if (has(/\d,\d{3}/) && !has(/\b0,\d/)) forms.push({ thousands: ',' });
  for (const thousands of ['.', ' ', '\u00a0', "'"]) {
    const between = new RegExp(`\\d\\${thousands}\\d{3}(?!\\d)`);
    if (!has(between) || has(/\b0\.\d/)) continue;
    if (thousands !== '.') forms.push({ thousands });
    forms.push({ thousands, decimalSeparator: ',' });
  }
  if (has(/\d,\d/)) forms.push({ decimalSeparator: ',' });
  return forms;
}
