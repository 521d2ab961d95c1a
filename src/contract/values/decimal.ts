import { NumberText } from './number-text.ts';

/** A decimal number, exact: `digits` with `scale` of them behind the point; `-12.50` is 1250 with scale 2. */
export interface Decimal {
  readonly isNegative: boolean;
  /** Without leading zeros, "0" at least. */
  readonly digits: string;
  readonly scale: number;
  /** Written with an exponent whose zeros nobody wrote: `1.32538e+09`. */
  readonly isShortened: boolean;
}

const FORM = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
/** Longer texts are no numbers that anybody means; exponents are bounded likewise. */
const LONGEST = 400;

/** The text of a number, a long integer or a text without spaces around; `undefined` for all else. */
export function numeralOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return value instanceof NumberText ? value.text : undefined;
}

/** Reads a decimal number; `undefined` for what is none, such as `0x10`, `NaN`, `1_000`. */
export function parseDecimal(text: string): Decimal | undefined {
  if (text.length > LONGEST) return undefined;
  const [, sign, whole, fraction = '', exponent] = FORM.exec(text) ?? [];
  if (whole === undefined || whole.length + fraction.length === 0) return undefined;
  const power = Number(exponent ?? 0);
  if (Math.abs(power) > LONGEST) return undefined;
  const scale = fraction.length - power;
  const digits = whole + fraction + '0'.repeat(Math.max(0, -scale));
  return {
    isNegative: sign === '-',
    digits: digits.replace(/^0+(?=\d)/, ''),
    scale: Math.max(0, scale),
    isShortened: exponent !== undefined && scale < 0,
  };
}

/** The decimal times `factor` over `divisor`, towards minus infinity. */
export function timesWhole(
  { isNegative, digits, scale }: Decimal,
  factor: number,
  divisor: number,
): number {
  const below = 10n ** BigInt(scale) * BigInt(divisor);
  const product = BigInt(digits) * BigInt(factor) * (isNegative ? -1n : 1n);
  return Number(product / below - (product % below < 0n ? 1n : 0n));
}
