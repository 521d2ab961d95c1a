import { DateTime, IANAZone } from 'luxon';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { currencies } from '../../transactions/currency.ts';
import type { Mapping } from './mapping.ts';

/**
 * An instant in epoch milliseconds from what stood in the file; `undefined` when it is none, or outside of
 * the years 100 to 9999, which are those of a transaction.
 */
export type ReadInstant = (value: string) => number | undefined;

const unitMs: Readonly<Record<string, number>> = {
  'epoch-seconds': 1000,
  'epoch-milliseconds': 1,
  'epoch-microseconds': 0.001,
};

const EARLIEST_MS = Date.UTC(100, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Reads instants as a mapping has them. Errors: `bad-config` for a time zone or a format that is none. */
export function instants({ timeFormat, zone }: Pick<Mapping, 'timeFormat' | 'zone'>): ReadInstant {
  if (!IANAZone.isValidZone(zone)) {
    const message = `The mapping's time zone "${zone}" is unknown: give one such as Europe/Berlin.`;
    throw new FraudstreamError('bad-config', message);
  }
  const unit = unitMs[timeFormat];
  if (unit !== undefined) return (value) => epochMs(value, unit);
  if (timeFormat === 'iso') return (value) => isoMs(value, zone);
  checkFormat(timeFormat, zone);
  return (value) => known(DateTime.fromFormat(value, timeFormat, { zone }).toMillis());
}

/** Luxon says only while reading that tokens contradict one another, such as `HH` and `a`. */
function checkFormat(timeFormat: string, zone: string): void {
  try {
    const example = DateTime.fromMillis(0, { zone }).toFormat(timeFormat);
    DateTime.fromFormat(example, timeFormat, { zone });
  } catch (cause) {
    const reason = messageOf(cause);
    const message = `The mapping's time format "${timeFormat}" cannot be used: ${reason}.`;
    throw new FraudstreamError('bad-config', message, { cause });
  }
}

function epochMs(value: string, unit: number): number | undefined {
  const text = value.trim();
  return text === '' ? undefined : known(Math.round(Number(text) * unit));
}

function isoMs(value: string, zone: string): number | undefined {
  const text = value.trim();
  // Most files write UTC, and for that no library is needed.
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(text)) return known(Date.parse(text));
  return known(DateTime.fromISO(text.replace(' ', 'T'), { zone }).toMillis());
}

function known(epoch: number): number | undefined {
  return epoch >= EARLIEST_MS && epoch <= LATEST_MS ? epoch : undefined;
}

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
