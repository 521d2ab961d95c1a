import { currencies } from '../../records/currency.ts';

/**
 * Minor units of an amount in whole units of a currency: 12.5 USD is 1250, 700 JPY is 700.
 *
 * `undefined` for what is no amount, for a fraction the currency does not have, and for a currency
 * that is not known.
 */
export function minorUnits(value: unknown, currency: unknown): number | undefined {
  const exponent = currencies.get(String(currency));
  const [, whole, fraction = ''] = /^(\d+)(?:\.(\d*))?$/.exec(String(value).trim()) ?? [];
  if (exponent === undefined || whole === undefined) return undefined;
  const digits = withoutTrailingZeros(fraction);
  if (digits.length > exponent) return undefined;
  const minor = Number(whole + digits.padEnd(exponent, '0'));
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** A regular expression would take quadratic time for a field of a megabyte of zeros. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}
