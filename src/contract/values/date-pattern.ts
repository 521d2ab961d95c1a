import { DateTime } from 'luxon';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { type FromLocal, localMs } from './local-time.ts';

/** Reads a text by a pattern: epoch milliseconds, or why it is none. */
export type ReadPattern = (text: string) => number | string;

/** A run of one letter, a quoted text, or what stands between. Source: Luxon, "Table of tokens". */
const TOKEN = /'([^']*)'|([A-Za-z])\2*|([^A-Za-z']+)/g;
const luxonTokens =
  /^(S{1,3}|u{1,3}|s{1,2}|m{1,2}|h{1,2}|H{1,2}|Z{1,5}|z|a|d{1,2}|E{1,5}|c{1,5}|M{1,5}|L{1,5}|y|yy|yyyy|yyyyyy?|G{1,5}|k{2}|k{4}|W{1,2}|o|ooo|q{1,2}|D{1,4}|t{1,4}|T{1,4}|f{1,4}|F{1,4}|X|x)$/;

/** Tokens of digits alone, which are read here: the field, and its least and most digits. */
const digitTokens: Readonly<Record<string, readonly [string, number, number]>> = {
  yyyy: ['year', 4, 4],
  ...{ MM: ['month', 2, 2], M: ['month', 1, 2], LL: ['month', 2, 2], L: ['month', 1, 2] },
  ...{ dd: ['day', 2, 2], d: ['day', 1, 2], HH: ['hour', 2, 2], H: ['hour', 1, 2] },
  ...{ mm: ['minute', 2, 2], m: ['minute', 1, 2], ss: ['second', 2, 2], s: ['second', 1, 2] },
  SSS: ['ms', 3, 3],
};

/** A pattern, taken apart: tokens, and the texts between them. */
type Part = { readonly token: string } | { readonly literal: string };

/** What is wrong with a pattern of dates: it names no year, month and day, or has a letter that is no token. */
export function patternFault(pattern: string): string | undefined {
  const parts = partsOf(pattern);
  if (!parts) return 'it has an opening quote without a closing one';
  const tokens = parts.flatMap((part) => ('token' in part ? [part.token] : []));
  const unknown = tokens.find((token) => !luxonTokens.test(token));
  if (unknown !== undefined) return `"${unknown}" is no token`;
  const has = (...some: readonly RegExp[]): boolean =>
    some.every((form) => tokens.some((token) => form.test(token)));
  const isDate =
    has(/^y/, /^[ML]/, /^d/) || has(/^y/, /^o/) || has(/^k/, /^W/, /^[Ec]/) || has(/^[DfFXx]/);
  return isDate ? undefined : 'a date needs year, month and day';
}

/**
 * Compiles a pattern of Luxon's tokens. Patterns of digits alone, such as `dd.MM.yyyy HH:mm:ss`, are read without Luxon, at many
 * times its speed.
 *
 * Errors: `bad-config` for tokens that contradict one another, such as `HH` and `a`.
 */
export function readPattern(pattern: string, zone: string, toInstant: FromLocal): ReadPattern {
  const steps = digitSteps(partsOf(pattern) ?? []);
  if (steps) return (text) => readDigits(text, steps, toInstant, zone);
  let read: ReadPattern;
  try {
    const parser = DateTime.buildFormatParser(pattern, { locale: 'en' });
    read = (text) => {
      const time = DateTime.fromFormatParser(text, parser, { zone, locale: 'en' });
      return time.isValid ? unskipped(time, text) : `it is not written as ${pattern}`;
    };
    read(DateTime.fromMillis(0, { zone, locale: 'en' }).toFormat(pattern));
    return read;
  } catch (cause) {
    const message = `The time format "${pattern}" cannot be used: ${messageOf(cause)}.`;
    throw new FraudstreamError('bad-config', message, { cause });
  }

  /** Luxon moves a time that a clock leaves out; the date then shows another one. */
  function unskipped(time: DateTime, text: string): number | string {
    const shown = DateTime.fromFormat(text, pattern, { zone: 'UTC', locale: 'en' });
    const isMoved = !/[ZzXx]/.test(pattern) && shown.isValid && shown.hour !== time.hour;
    if (isMoved) return `no clock in ${zone} shows it`;
    if (/[ZzXx]/.test(pattern) || !shown.isValid) return time.toMillis();
    return toInstant(shown.toMillis());
  }
}

function partsOf(pattern: string): readonly Part[] | undefined {
  const parts: Part[] = [];
  let end = 0;
  for (const { 0: all, 1: quoted, 2: letter, index } of pattern.matchAll(TOKEN)) {
    if (index !== end) return undefined;
    end = index + all.length;
    if (letter !== undefined) parts.push({ token: all });
    else parts.push({ literal: quoted ?? all });
  }
  return end === pattern.length ? parts : undefined;
}

interface DigitStep {
  readonly field: string;
  readonly least: number;
  readonly most: number;
  /** What must stand behind the digits. */
  readonly literal: string;
}

/** The steps of a pattern that is digits and what stands between; `undefined` for any other. */
function digitSteps(parts: readonly Part[]): readonly DigitStep[] | undefined {
  const steps = parts.flatMap((part, at) =>
    'token' in part ? [digitStep(part, parts[at + 1])] : [],
  );
  const fields = new Set(steps.map((step) => step?.field));
  const isDate = ['year', 'month', 'day'].every((field) => fields.has(field));
  const isDigits = steps.every((step) => step !== undefined) && fields.size === steps.length;
  return isDate && isDigits && 'token' in (parts[0] ?? {}) ? (steps as DigitStep[]) : undefined;
}

function digitStep(
  { token }: { readonly token: string },
  next: Part | undefined,
): DigitStep | undefined {
  const [field, least, most] = digitTokens[token] ?? [];
  if (field === undefined || least === undefined || most === undefined) return undefined;
  const literal = next && 'literal' in next ? next.literal : '';
  // Digits of no certain number need an end.
  const isEndless = least !== most && literal === '' && next !== undefined;
  return isEndless ? undefined : { field, least, most, literal };
}

/** Overwritten by every text. */
const time = { year: 0, month: 1, day: 1, hour: 0, minute: 0, second: 0, ms: 0 };

function readDigits(
  text: string,
  steps: readonly DigitStep[],
  toInstant: FromLocal,
  zone: string,
): number | string {
  time.hour = 0;
  time.minute = 0;
  time.second = 0;
  time.ms = 0;
  let at = 0;
  for (const step of steps) {
    const end = endOfDigits(text, at, step.most);
    if (end - at < step.least || !text.startsWith(step.literal, end)) return notWritten(steps);
    time[step.field as keyof typeof time] = Number(text.slice(at, end));
    at = end + step.literal.length;
  }
  if (at !== text.length) return notWritten(steps);
  const local = localMs(time);
  if (typeof local === 'string') return local;
  const instant = toInstant(local);
  return Number.isNaN(instant) ? `no clock in ${zone} shows it` : instant;
}

function endOfDigits(text: string, from: number, most: number): number {
  let at = from;
  while (at - from < most && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at += 1;
  return at;
}

function notWritten(steps: readonly DigitStep[]): string {
  const [first] = Object.entries(digitTokens).filter(([, [field]]) => field === steps[0]?.field);
  return `it is not written as the time format says, which begins with ${first?.[0] ?? 'a date'}`;
}
