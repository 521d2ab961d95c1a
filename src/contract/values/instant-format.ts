import { DateTime, IANAZone } from 'luxon';
import { FraudstreamError } from '../../errors.ts';
import { patternFault, readPattern } from './date-pattern.ts';
import { numeralOf, parseDecimal, timesWhole } from './decimal.ts';
import { type FromLocal, fromLocal, localMs } from './local-time.ts';
import { UnreadableValue } from './unreadable-value.ts';

/** How instants are written. */
export interface InstantSpec {
  /**
   * `iso` (which it is unless given), `epoch-seconds`, `epoch-milliseconds`, `epoch-microseconds`, `epoch-nanoseconds`, or tokens of Luxon
   * such as `dd.MM.yyyy HH:mm`.
   */
  readonly as?: string | undefined;
  /** IANA time zone of instants that name none; UTC unless given. */
  readonly zone?: string | undefined;
  /** An instant in `iso`: values are numbers of `unit` since then, and `as` is not given. */
  readonly origin?: string | undefined;
  /** `milliseconds`, `seconds` (which it is unless given), `minutes`, `hours` or `days`, together with `origin`. */
  readonly unit?: string | undefined;
}

/** Instants in epoch milliseconds by what stands in a record, and back. */
export interface InstantFormat {
  /** Epoch milliseconds within the years 100 to 9999; what is finer than a millisecond is cut off. */
  read(value: unknown): number | UnreadableValue;
  /** A bigint is a number that a double does not hold. */
  write(epochMs: number): string | number | bigint;
  /** True when `read` of what `write` gives is the same millisecond. */
  readonly isExact: boolean;
}

const NS_PER_MS = 1_000_000;
/** Nanoseconds of one of them. */
const epochUnits: Readonly<Record<string, number>> = {
  'epoch-seconds': 1_000 * NS_PER_MS,
  'epoch-milliseconds': NS_PER_MS,
  'epoch-microseconds': 1_000,
  'epoch-nanoseconds': 1,
};
/** Milliseconds of one of them. */
const spanUnits: Readonly<Record<string, number>> = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
};
const FORMATS = [...Object.keys(epochUnits), 'iso'].join(', ');

const EARLIEST_MS = Date.UTC(100, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
/** Between these a number is likely to be meant as an instant. */
const LIKELY_FROM_MS = Date.UTC(1980, 0, 1);
const LIKELY_TO_MS = Date.UTC(2100, 0, 1);

/** Compiles a format of instants. Errors: `bad-config` for a zone, format, origin or unit that is none. */
export function instantFormat(spec: InstantSpec): InstantFormat {
  const { as = 'iso', zone = 'UTC', origin, unit } = spec;
  if (!IANAZone.isValidZone(zone)) {
    throw bad(`The time zone "${zone}" is unknown: give one such as Europe/Berlin`);
  }
  const toInstant = fromLocal(zone);
  if (origin !== undefined) return sinceOrigin(spec, toInstant);
  if (unit !== undefined) throw bad(`The unit ${unit} needs an origin: an instant to count from`);
  if (as === 'iso') return isoFormat(zone, toInstant);
  const unitNs = epochUnits[as];
  return unitNs === undefined ? patternFormat(as, zone, toInstant) : epochFormat(as, unitNs);
}

function isoFormat(zone: string, toInstant: FromLocal): InstantFormat {
  return {
    read: (value) => {
      if (value instanceof Date) return within(value.getTime(), value, 'iso');
      if (typeof value !== 'string') return misfit(value, 'iso', 'it is no text');
      const epochMs = isoMs(value, toInstant);
      if (typeof epochMs === 'string') return misfit(value, 'iso', epochMs);
      if (Number.isNaN(epochMs)) return misfit(value, 'iso', `no clock in ${zone} shows it`);
      return within(epochMs, value, 'iso');
    },
    write: (epochMs) => new Date(epochMs).toISOString(),
    isExact: true,
  };
}

function epochFormat(as: string, unitNs: number): InstantFormat {
  return {
    read: (value) => {
      const epochMs = unitsMs(value, unitNs);
      return typeof epochMs === 'number' ? within(epochMs, value, as) : misfit(value, as, epochMs);
    },
    write: (epochMs) => {
      if (unitNs >= NS_PER_MS) return epochMs / (unitNs / NS_PER_MS);
      const whole = BigInt(epochMs) * BigInt(NS_PER_MS / unitNs);
      const number = Number(whole);
      return Number.isSafeInteger(number) ? number : whole;
    },
    isExact: true,
  };
}

function sinceOrigin(
  { as, origin = '', unit = 'seconds' }: InstantSpec,
  toInstant: FromLocal,
): InstantFormat {
  if (as !== undefined) throw bad(`An origin and the time format "${as}" exclude one another`);
  const originMs = isoMs(origin, toInstant);
  if (typeof originMs === 'string' || Number.isNaN(originMs)) {
    throw bad(`The origin "${origin}" is not an instant such as 2026-01-31T00:00:00Z`);
  }
  const unitMs = Object.hasOwn(spanUnits, unit) ? spanUnits[unit] : undefined;
  if (unitMs === undefined) {
    throw bad(`The unit "${unit}" is unknown: units are ${Object.keys(spanUnits).join(', ')}`);
  }
  const name = `${unit} since ${origin}`;
  return {
    read: (value) => {
      const ms = unitsMs(value, unitMs * NS_PER_MS);
      return typeof ms === 'number' ? within(originMs + ms, value, name) : misfit(value, name, ms);
    },
    write: (epochMs) => (epochMs - originMs) / unitMs,
    // Thousandths are printed and read exactly; the others are periodic.
    isExact: unitMs <= 1_000,
  };
}

function patternFormat(as: string, zone: string, toInstant: FromLocal): InstantFormat {
  const fault = patternFault(as);
  if (fault !== undefined) {
    throw bad(
      `The time format "${as}" is unknown (${fault}): write ${FORMATS}, or a pattern such as dd.MM.yyyy HH:mm`,
    );
  }
  const read = readPattern(as, zone, toInstant);
  return {
    read: (value) => {
      const text = typeof value === 'string' ? value.trim() : numeralOf(value);
      if (text === undefined) return misfit(value, as, 'it is no text');
      const epochMs = read(text);
      return typeof epochMs === 'number' ? within(epochMs, value, as) : misfit(value, as, epochMs);
    },
    write: (epochMs) => DateTime.fromMillis(epochMs, { zone, locale: 'en' }).toFormat(as),
    isExact: isExactPattern(as, zone),
  };
}

/** Down to the millisecond, and for every instant another text. */
function isExactPattern(as: string, zone: string): boolean {
  const plain = as.replace(/'[^']*'/g, '');
  if (/x/.test(plain)) return true;
  const hasTime = /H/.test(plain) && /m/.test(plain) && /s/.test(plain) && /SSS|u{1,3}/.test(plain);
  return hasTime && !/(?<!y)yy(?!y)/.test(plain) && (/Z/.test(plain) || /^(UTC|GMT)$/i.test(zone));
}

function within(epochMs: number, value: unknown, as: string): number | UnreadableValue {
  if (epochMs >= EARLIEST_MS && epochMs <= LATEST_MS) return epochMs;
  return misfit(value, as, 'it is outside of the years 100 to 9999');
}

/** Milliseconds of a number of units, or why it is none. */
function unitsMs(value: unknown, unitNs: number): number | string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return wholeMs(value, unitNs);
  if (typeof value === 'string' && value.length <= 15 && isDigits(value)) {
    return wholeMs(Number(value), unitNs);
  }
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e21) {
    return 'it is a number past 2^53, whose last digits are lost';
  }
  const numeral = numeralOf(value);
  const decimal = numeral === undefined ? undefined : parseDecimal(numeral);
  if (!decimal) return 'it is no number';
  if (decimal.isShortened) return 'it lost digits to an exponent';
  return timesWhole(decimal, unitNs, NS_PER_MS);
}

function wholeMs(units: number, unitNs: number): number {
  if (unitNs >= NS_PER_MS) return units * (unitNs / NS_PER_MS);
  return Math.floor(units / (NS_PER_MS / unitNs));
}

function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return text !== '';
}

const ISO =
  /^([+-]\d{6}|\d{4})-(\d\d)-(\d\d)(?:[Tt ]\s*(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?\s*(Z|z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$/;
const BASIC =
  /^(\d{4})(\d\d)(\d\d)[Tt](\d\d)(?:(\d\d)(?:(\d\d)(?:[.,](\d+))?)?)?(Z|z|[+-]\d\d(?::?\d\d)?)?$/;

/** Milliseconds of ISO 8601: a date, with or without a time and an offset; NaN for what no clock shows; else why it is none. */
function isoMs(given: string, toInstant: FromLocal): number | string {
  const quick = plainIsoMs(given);
  if (!Number.isNaN(quick)) return given.length === LOCAL_LENGTH ? toInstant(quick) : quick;
  const text = given.trim();
  const found = text.length > 80 ? null : (ISO.exec(text) ?? BASIC.exec(text));
  if (!found) return isoFault(text);
  const [, year, month, day, hour, minute, second, fraction = '', offset] = found;
  const local = localMs({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour ?? 0),
    minute: Number(minute ?? 0),
    second: Number(second ?? 0),
    ms: Number(fraction.slice(0, 3).padEnd(3, '0')),
  });
  if (typeof local === 'string') return local;
  if (offset === undefined) return toInstant(local);
  const offsetMs = offsetMsOf(offset);
  return offsetMs === undefined ? `there is no offset ${offset}` : local - offsetMs;
}

/** `2026-01-31 23:59:59` */
const LOCAL_LENGTH = 19;

/** What most files have, read without a pattern: `2026-01-31T23:59:59Z`, with milliseconds, or without the offset; NaN for all else. */
function plainIsoMs(text: string): number {
  if (!isPlainIso(text)) return Number.NaN;
  const local = localMs({
    year: digitsIn(text, 0, 4),
    month: digitsIn(text, 5, 7),
    day: digitsIn(text, 8, 10),
    hour: digitsIn(text, 11, 13),
    minute: digitsIn(text, 14, 16),
    second: digitsIn(text, 17, 19),
    ms: text.length === 24 ? digitsIn(text, 20, 23) : 0,
  });
  return typeof local === 'number' ? local : Number.NaN;
}

function isPlainIso(text: string): boolean {
  const { length } = text;
  const between = text.charCodeAt(10);
  return (
    (length === LOCAL_LENGTH || length === 20 || length === 24) &&
    (length === LOCAL_LENGTH || text.charCodeAt(length - 1) === 90) &&
    (length !== 24 || text.charCodeAt(19) === 46) &&
    (between === 84 || between === 32) &&
    text.charCodeAt(4) === 45 &&
    text.charCodeAt(7) === 45 &&
    text.charCodeAt(13) === 58 &&
    text.charCodeAt(16) === 58
  );
}

function digitsIn(text: string, from: number, end: number): number {
  let number = 0;
  for (let at = from; at < end; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

function offsetMsOf(offset: string): number | undefined {
  if (/^[A-Za-z]/.test(offset)) return 0;
  const hours = Number(offset.slice(1, 3));
  const minutes = Number(offset.slice(3).replace(':', '') || 0);
  if (hours > 18 || minutes > 59) return undefined;
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}

function isoFault(text: string): string {
  if (/^\d{4}(-?\d\d)?$|^\d\d?$|^\d\d?:\d\d|^T/.test(text)) {
    return 'a date needs year, month and day';
  }
  return 'it is not written as 2026-01-31T23:59:59Z';
}

/** Says why a value is no instant, and which setting would fit where one does. */
function misfit(value: unknown, as: string, why: string): UnreadableValue {
  const fit = fittingSetting(value, as);
  const hint = fit === undefined ? '' : `; "${fit}" would fit`;
  return new UnreadableValue(`cannot be read as ${as} (${why}${hint})`);
}

function fittingSetting(value: unknown, as: string): string | undefined {
  const numeral = numeralOf(value);
  if (numeral === undefined || numeral.length > 60) return undefined;
  const isIso = !Number.isNaN(Number(typeof value === 'string' ? isoMs(value, utc) : Number.NaN));
  if (isIso) return as === 'iso' ? undefined : 'time-format: iso';
  if (!/^[+-]?\d+(\.\d+)?$/.test(numeral)) return fittingPattern(numeral);
  // Eight and fourteen digits can be a date without separators.
  const compact = { 8: 'yyyyMMdd', 12: 'yyyyMMddHHmm', 14: 'yyyyMMddHHmmss' }[numeral.length];
  if (compact !== undefined && isLikely(readPattern(compact, 'UTC', utc)(numeral))) {
    return `time-format: ${compact}`;
  }
  const unit = Object.keys(epochUnits).find(
    (name) => name !== as && isLikely(unitsMs(numeral, epochUnits[name] ?? 1)),
  );
  if (unit !== undefined) return `time-format: ${unit}`;
  const isSmall = Math.abs(Number(numeral)) < 1e8;
  return isSmall && as === 'iso' ? 'origin: 2026-01-01T00:00:00Z, unit: seconds' : undefined;
}

/** Dates that people write, by their separators; day and month are told apart only past 12. */
function fittingPattern(text: string): string | undefined {
  const [, first = '', sign = '', second = '', rest = ''] =
    /^(\d\d?)([./-])(\d\d?)\2\d{4}(.*)$/.exec(text) ?? [];
  if (sign === '') return /^\d{4}\/\d\d\/\d\d/.test(text) ? 'time-format: yyyy/MM/dd' : undefined;
  const isMonthFirst = Number(second) > 12 || (sign === '/' && Number(first) <= 12);
  const date = (isMonthFirst ? ['M', 'd', 'yyyy'] : ['d', 'M', 'yyyy']).join(sign);
  const time = /[ap]m$/i.test(rest) ? ' h:mm a' : /:\d\d:\d\d/.test(rest) ? ' H:mm:ss' : ' H:mm';
  return `time-format: ${date}${rest === '' ? '' : time}`;
}

const utc: FromLocal = (ms) => ms;

const isLikely = (epochMs: number | string): boolean =>
  typeof epochMs === 'number' && epochMs >= LIKELY_FROM_MS && epochMs <= LIKELY_TO_MS;

function bad(what: string): FraudstreamError {
  return new FraudstreamError('bad-config', `${what}.`);
}
