import { FraudstreamError } from '../../errors.ts';
import { currencies } from '../../transactions/currency.ts';
import { type Decimal, numeralOf, parseDecimal } from './decimal.ts';
import { UnreadableValue } from './unreadable-value.ts';

/** How amounts are written. */
export interface AmountSpec {
  /** `number` 12.5, `decimal` "12.50" in whole units; `minor` 1250 in minor units. */
  readonly as: 'number' | 'decimal' | 'minor';
  /** Stands before or behind the number, or is left out: `$`. */
  readonly symbol?: string | undefined;
  /** Stands between groups of digits: `,` in `1,120.34`. */
  readonly thousands?: string | undefined;
  /** `.` unless given. */
  readonly decimalSeparator?: string | undefined;
  /** What is done with a fraction that the currency does not have; `exact`, which refuses it, unless given. */
  readonly rounding?: 'exact' | 'half-even' | undefined;
}

/** Minor units of a currency by what stands in a record, and back. */
export interface AmountFormat {
  /** Minor units, below 0 for a minus; `onRounded` is called where a fraction was rounded. */
  read(value: unknown, currency: unknown, onRounded?: () => void): number | UnreadableValue;
  /** The amount as it is written, without symbol and groups; `undefined` for an unknown currency. */
  write(minor: number, currency: string): string | number | undefined;
}

/** Whole numbers of so many digits are below 2^53. */
const SAFE_DIGITS = 15;
const SEPARATORS = ` .,'_\u00a0\u202f\u2009`;

/**
 * Compiles a format of amounts. Nothing is multiplied in floating point: digits are counted.
 *
 * A printing of the double that is nearest to an amount with the currency's decimals (`19.989999999999998` is 19.99) is that amount.
 * Errors: `bad-config` for separators that contradict one another.
 */
export function amountFormat(spec: AmountSpec): AmountFormat {
  const { as } = spec;
  const readSlowly = decimalReader(spec);
  // A point that separates groups, or nothing, is not that of decimals.
  const isPoint = (spec.decimalSeparator ?? '.') === '.';
  return {
    read: (value, currency, onRounded) => {
      const exponent = as === 'minor' ? 0 : currencies.get(currency as string);
      if (exponent === undefined) return noCurrency(currency);
      const isQuick = typeof value === 'string' && (isPoint || !value.includes('.'));
      const quick = isQuick ? quickly(value, exponent) : -1;
      if (quick >= 0) return quick;
      const minor = readSlowly(value, exponent, onRounded);
      return minor ?? fractional(currency, exponent, as);
    },
    write: (minor, currency) => {
      if (as === 'minor') return minor;
      const exponent = currencies.get(currency);
      if (exponent === undefined) return undefined;
      if (as === 'number') return minor / 10 ** exponent;
      const text = decimalText(minor, exponent);
      return spec.decimalSeparator ? text.replace('.', spec.decimalSeparator) : text;
    },
  };
}

/** Reads amounts as they are seldom written; `undefined` for a fraction that must not be rounded. */
function decimalReader(
  spec: AmountSpec,
): (
  value: unknown,
  exponent: number,
  onRounded?: () => void,
) => number | UnreadableValue | undefined {
  const plain = plainNumeral(spec);
  return (value, exponent, onRounded) => {
    const text = plain(numeralOf(value) ?? '') ?? '';
    const decimal = parseDecimal(text);
    if (!decimal) return notAmount(value, spec);
    const { minor, isWhole } = minorOf(decimal, exponent);
    if (!Number.isSafeInteger(minor))
      return new UnreadableValue('is an amount past 2^53 minor units');
    if (isWhole || isNearestDouble(text, decimal, minor, exponent)) return minor;
    if (spec.rounding !== 'half-even') return undefined;
    onRounded?.();
    return minor;
  };
}

/** Digits, and at most the currency's decimals behind a point; -1 for every other text. */
function quickly(text: string, exponent: number): number {
  if (text.length > SAFE_DIGITS - exponent) return -1;
  const point = text.indexOf('.');
  const whole = digitsIn(text, 0, point < 0 ? text.length : point);
  if (point < 0) return whole < 0 ? -1 : whole * (powers[exponent] as number);
  const decimals = text.length - point - 1;
  const fraction = decimals > exponent ? -1 : digitsIn(text, point + 1, text.length);
  if (whole < 0 || fraction < 0) return -1;
  return whole * (powers[exponent] as number) + fraction * (powers[exponent - decimals] as number);
}

/** Whole numbers, and products of whole numbers below 2^53, which are exact. */
const powers = [1, 10, 100, 1_000] as const;

/** The whole number that digits are; -1 without any, or with another character among them. */
function digitsIn(text: string, from: number, end: number): number {
  if (from >= end) return -1;
  let number = 0;
  for (let at = from; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Gives a text in the form of JSON: no symbol, no groups, a point, the sign in front; `undefined` for what is not in this form. */
function plainNumeral({
  symbol = '',
  thousands = '',
  decimalSeparator = '.',
}: AmountSpec): (text: string) => string | undefined {
  checkSeparators(symbol, thousands, decimalSeparator);
  const isPlain = thousands === '' && decimalSeparator === '.';
  const unsigned = unsigner(symbol);
  return (given) => {
    if (isPlain && /^-?[\d.]+(?:e[+-]?\d+)?$/i.test(given)) return given;
    const { text = '', isNegative } = unsigned(given) ?? {};
    const [whole = '', fraction = '', ...more] = text.split(decimalSeparator);
    const digits = thousands === '' ? whole : withoutGroups(whole, thousands);
    if (digits === undefined || more.length > 0 || fraction.includes('.')) return undefined;
    return `${isNegative ? '-' : ''}${digits}.${fraction}`;
  };
}

function checkSeparators(symbol: string, thousands: string, decimalSeparator: string): void {
  for (const [name, sign] of Object.entries({ thousands, decimalSeparator })) {
    if (sign === '' || (sign.length === 1 && SEPARATORS.includes(sign))) continue;
    throw new FraudstreamError(
      'bad-config',
      `The ${name} "${sign}" is not a separator in an amount.`,
    );
  }
  if (thousands === decimalSeparator || decimalSeparator === '') {
    const message = `Amounts need a decimal separator that is not that of thousands ("${thousands}").`;
    throw new FraudstreamError('bad-config', message);
  }
  if (!/[\d+\-().]/.test(symbol)) return;
  throw new FraudstreamError('bad-config', `"${symbol}" is not a currency symbol.`);
}

/** Takes off symbol and sign, in either order, and the parentheses of accountants. */
function unsigner(
  symbol: string,
): (given: string) => { readonly text: string; readonly isNegative: boolean } | undefined {
  const sign = symbol.replace(/[$^*?.[\]{}|\\]/g, '\\$&');
  const form = new RegExp(`^([+-]?)\\s*(?:${sign})?\\s*([+-]?)\\s*([^+-]*?)\\s*(?:${sign})?$`);
  return (given) => {
    const isInParentheses = given.startsWith('(') && given.endsWith(')');
    const inner = isInParentheses ? given.slice(1, -1).trim() : given;
    const [, before = '', behind = '', text] = form.exec(inner) ?? [];
    const signs = before + behind + (isInParentheses ? '-' : '');
    if (text === undefined || signs.length > 1) return undefined;
    return { text, isNegative: signs === '-' };
  };
}

/** Groups of three digits, or of two and a last one of three as in India. */
function withoutGroups(text: string, separator: string): string | undefined {
  const groups = text.split(separator === ' ' ? /[ \u00a0\u202f\u2009]/ : separator);
  if (groups.length === 1) return text;
  const isSound = groups.every((group, at) => {
    if (!/^\d+$/.test(group)) return false;
    if (at === 0) return group.length <= 3;
    return group.length === 3 || (group.length === 2 && at < groups.length - 1);
  });
  return isSound ? groups.join('') : undefined;
}

/** Minor units, to the nearest, halves to the even one; and whether nothing was rounded. */
function minorOf(
  { digits, scale, isNegative }: Decimal,
  exponent: number,
): { readonly minor: number; readonly isWhole: boolean } {
  const sign = isNegative && /[1-9]/.test(digits) ? -1 : 1;
  if (scale <= exponent) {
    return { minor: sign * Number(digits + '0'.repeat(exponent - scale)), isWhole: true };
  }
  const padded = digits.padStart(scale - exponent + 1, '0');
  const kept = padded.slice(0, padded.length - (scale - exponent));
  const rest = padded.slice(kept.length);
  const first = rest.charCodeAt(0) - 48;
  const isHalf = first === 5 && !/[1-9]/.test(rest.slice(1));
  const isOdd = (kept.charCodeAt(kept.length - 1) - 48) % 2 === 1;
  const isUp = isHalf ? isOdd : first >= 5;
  const minor = Number(kept) + Number(isUp);
  return { minor: minor === 0 ? 0 : sign * minor, isWhole: !/[1-9]/.test(rest) };
}

/** True when the text prints the double that is nearest to that amount. */
function isNearestDouble(
  text: string,
  { digits }: Decimal,
  minor: number,
  exponent: number,
): boolean {
  if (digits.length < SAFE_DIGITS || digits.length > 100) return false;
  const nearest = Number(decimalText(minor, exponent));
  if (Number(text) !== nearest) return false;
  return sameDigits(Math.abs(nearest).toPrecision(digits.length), digits);
}

function sameDigits(printed: string, digits: string): boolean {
  const own = parseDecimal(printed)?.digits.replace(/0+$/, '');
  return own === digits.replace(/0+$/, '');
}

/** What stands behind whole units, for the two decimals that most currencies have. */
const HUNDREDTHS = Array.from({ length: 100 }, (_, rest) => `.${String(rest).padStart(2, '0')}`);

function decimalText(minor: number, exponent: number): string {
  const units = Math.abs(minor);
  const unit = powers[exponent] ?? 10 ** exponent;
  const rest = units % unit;
  const whole = (minor < 0 ? '-' : '') + (units - rest) / unit;
  if (exponent === 2) return whole + HUNDREDTHS[rest];
  return exponent === 0 ? whole : `${whole}.${String(rest).padStart(exponent, '0')}`;
}

function noCurrency(currency: unknown): UnreadableValue {
  const seen = typeof currency === 'string' ? `"${currency.slice(0, 20)}" is none` : 'it has none';
  return new UnreadableValue(`is an amount that needs a known currency, and ${seen}`);
}

function fractional(currency: unknown, exponent: number, as: AmountSpec['as']): UnreadableValue {
  const what = as === 'minor' ? 'minor units are whole' : `${currency} has ${exponent} decimals`;
  return new UnreadableValue(
    `has a fraction, and ${what}: set "amount-rounding: half-even" to round it`,
  );
}

/** Says which setting would read a text that is no amount. */
function notAmount(value: unknown, spec: AmountSpec): UnreadableValue {
  const what =
    spec.as === 'minor'
      ? 'must be a whole number of minor units'
      : 'must be an amount in whole units';
  const text = typeof value === 'string' ? value.trim() : '';
  const hints: string[] = [];
  const isShort = text.length <= 60 && /\d/.test(text);
  const [symbol] = isShort ? (/\p{Sc}|[A-Z]{1,3}\$?/u.exec(text) ?? []) : [];
  if (symbol !== undefined && spec.symbol === undefined) hints.push(`symbol: "${symbol}"`);
  if (/\d,\d{3}(?!\d)/.test(text) && spec.thousands === undefined) hints.push('thousands: ","');
  else if (/\d,\d{1,2}\D*$/.test(text) && spec.decimalSeparator === undefined) {
    hints.push('decimal: ","');
  }
  const hint = hints.length === 0 ? '' : `: "amount-format: { ${hints.join(', ')} }" may fit`;
  return new UnreadableValue(`${what}${hint}`);
}
