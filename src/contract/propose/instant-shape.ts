import { type InstantFormat, instantFormat } from '../values/instant-format.ts';
import type { SampledField } from './sampled-field.ts';

/** How the instants of a field are written. */
export interface InstantShape {
  /** As a contract and a mapping name it. */
  readonly as: string;
  /** Date alone, without the time of day. */
  readonly isDate: boolean;
  /** Day and month could be the other way round. */
  readonly isAmbiguous: boolean;
  /** The values say their offset from UTC. */
  readonly isZoned: boolean;
}

const epochs = ['epoch-seconds', 'epoch-milliseconds', 'epoch-microseconds', 'epoch-nanoseconds'];
const compact: Readonly<Record<number, string>> = {
  8: 'yyyyMMdd',
  12: 'yyyyMMddHHmm',
  14: 'yyyyMMddHHmmss',
  17: 'yyyyMMddHHmmssSSS',
};
const LIKELY_FROM_MS = Date.UTC(1990, 0, 1);
const LIKELY_TO_MS = Date.UTC(2100, 0, 1);
const NUMERAL = /^\d+(\.\d+)?$/;
const DAY_FIRST = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?=\D|$)(.*)$/;
const YEAR_FIRST = /^(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?=\D|$)(.*)$/;
const MONTH_NAMED = /^(?:([A-Z][a-z]{2}), )?(\d{1,2})([ /-])([A-Z][a-z]{2})\3(\d{4})(?=\D|$)(.*)$/;
const TIME =
  /^([ T:,]*)(\d{1,2}):(\d\d)(?::(\d\d)(?:([.,])(\d+))?)?(\s?[AaPp][Mm])?(\s?)(Z|[A-Z]{3}|[+-]\d\d:?\d\d)?$/;

/** The first format that reads every value of a field as an instant of our time; undefined without one. */
export function instantShape({ present }: SampledField): InstantShape | undefined {
  const [first] = present;
  if (first === undefined) return undefined;
  const fitting = candidates(first.trim()).filter((as) => readsAll(as, present));
  const [as] = fitting;
  if (as === undefined) return undefined;
  const isDate = /^\d{4}-\d\d-\d\d$/.test(first) || !(as === 'iso' || /^epoch|[Hh]/.test(as));
  const isOther = (other: string): boolean => /^d.*M/.test(as) !== /^d.*M/.test(other);
  const isAmbiguous = /^[dM]/.test(as) && fitting.some(isOther);
  const isZoned = /^epoch|Z/.test(as) || present.every((text) => /(Z|[+-]\d\d:?\d\d)$/.test(text));
  return { as, isDate, isAmbiguous, isZoned };
}

function candidates(text: string): readonly string[] {
  if (NUMERAL.test(text)) {
    const digits = compact[text.length];
    return [...epochs, ...(digits === undefined ? [] : [digits])];
  }
  const patterns = [...yearFirst(text), ...dayFirst(text), ...monthNamed(text)];
  // What our own form reads is read fastest; but it is written with a T and a Z.
  const isOwn = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(text);
  return isOwn ? ['iso'] : [...patterns, 'iso'];
}

function readsAll(as: string, values: readonly string[]): boolean {
  let format: InstantFormat;
  try {
    format = instantFormat({ as });
  } catch {
    return false;
  }
  return values.every((value) => {
    const epochMs = format.read(value);
    return typeof epochMs === 'number' && epochMs >= LIKELY_FROM_MS && epochMs <= LIKELY_TO_MS;
  });
}

function yearFirst(text: string): readonly string[] {
  const [, , sign = '', , , rest = ''] = YEAR_FIRST.exec(text) ?? [];
  return sign === '' ? [] : both(['yyyy', 'MM', 'dd'].join(sign), rest);
}

function dayFirst(text: string): readonly string[] {
  const [, , sign = '', , , rest = ''] = DAY_FIRST.exec(text) ?? [];
  if (sign === '') return [];
  const orders = [
    ['dd', 'MM', 'yyyy'],
    ['MM', 'dd', 'yyyy'],
  ];
  // Dates between slashes are American more often than not.
  const likely = sign === '/' ? [...orders].reverse() : orders;
  return likely.flatMap((order) => both(order.join(sign), rest));
}

function monthNamed(text: string): readonly string[] {
  const [, day, , sign = '', month, , rest = ''] = MONTH_NAMED.exec(text) ?? [];
  if (month === undefined) return [];
  return both(`${day === undefined ? '' : 'EEE, '}${['dd', 'MMM', 'yyyy'].join(sign)}`, rest);
}

/** With two digits each, and with one where one is enough. */
function both(date: string, rest: string): readonly string[] {
  const time = timePattern(rest);
  if (time === undefined) return [];
  const short = date.replace('dd', 'd').replace(/MM(?!M)/, 'M');
  return [`${date}${time}`, `${short}${time.replace('HH', 'H').replace('hh', 'h')}`];
}

function timePattern(rest: string): string | undefined {
  if (rest === '') return '';
  const found = TIME.exec(rest);
  if (!found) return undefined;
  const [, before = '', , , seconds, point = '', fraction = '', half, gap = '', zone] = found;
  const parts = [
    before.replace('T', "'T'"),
    half === undefined ? 'HH' : 'hh',
    ':mm',
    seconds === undefined ? '' : ':ss',
    fractionPattern(point, fraction),
    half === undefined ? '' : half.replace(/\S+/, 'a'),
  ];
  return `${parts.join('')}${gap}${zonePattern(zone)}`;
}

function fractionPattern(point: string, fraction: string): string {
  if (fraction === '') return '';
  return `${point}${fraction.length === 3 ? 'SSS' : 'u'}`;
}

function zonePattern(zone: string | undefined): string {
  if (zone === undefined) return '';
  if (zone === 'Z') return "'Z'";
  if (/^[A-Z]/.test(zone)) return 'z';
  return zone.includes(':') ? 'ZZ' : 'ZZZ';
}
