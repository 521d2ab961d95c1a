/** So much of `amount` for each of `whole`; of nothing there is no ratio: NaN, which a report leaves out. */
export function per(amount: number, whole: number): number {
  return whole > 0 ? amount / whole : Number.NaN;
}

/**
 * Numbers as people read them. All take plain units: counts, bytes, milliseconds, ratios.
 *
 * What was not measured is NaN, in a report null, and is a dash for people: never a zero.
 */

/** Value of a number that was not measured. */
type Absent = null | undefined;

const NOT_MEASURED = '–';

function isAbsent(value: number | Absent): value is Absent {
  return value === null || value === undefined || Number.isNaN(value);
}

/** `1234567` is `1,234,567`. By hand: what the first `Intl.NumberFormat` loads takes 9 ms. */
export function count(value: number | Absent): string {
  if (isAbsent(value)) return NOT_MEASURED;
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** At most three significant digits with a decimal prefix: `1234567` is `1.23 M`. */
export function short(value: number | Absent): string {
  return scaled(value, ['', ' k', ' M', ' G', ' T']);
}

/** `1234567` is `1.23 MB`; decimal units, as network links are measured. */
export function bytes(value: number | Absent): string {
  return scaled(value, [' B', ' kB', ' MB', ' GB', ' TB']);
}

/** `1234567` is `1.23 M/s`. */
export function perSecond(value: number | Absent): string {
  return isAbsent(value) ? NOT_MEASURED : `${short(value)}/s`;
}

/** `1234567` is `1.23 MB/s`. */
export function bytesPerSecond(value: number | Absent): string {
  return isAbsent(value) ? NOT_MEASURED : `${bytes(value)}/s`;
}

/** `0.123456` with two digits after the point is `0.12`. */
export function decimal(value: number | Absent, digits: number): string {
  return isAbsent(value) ? NOT_MEASURED : value.toFixed(digits);
}

/** An amount of money in major units: `1234.5` is `1,235`, `12.345` is `12.3`. */
export function amount(major: number | Absent): string {
  if (isAbsent(major)) return NOT_MEASURED;
  return major >= 999.5 ? count(major) : significant(major);
}

/** `0.5` is `0.50 ms`, `2500` is `2.50 s`, `754000` is `12m34s`. */
export function span(ms: number | Absent): string {
  if (isAbsent(ms)) return NOT_MEASURED;
  if (ms < 1000) return `${significant(ms)} ms`;
  if (ms < 60_000) return `${significant(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  return hours > 0 ? `${hours}h${padded(minutes)}m` : `${minutes}m${padded(rest)}s`;
}

/** `0.1234` is `12.3 %`. */
export function percent(ratio: number | Absent): string {
  return isAbsent(ratio) ? NOT_MEASURED : `${significant(ratio * 100)} %`;
}

function scaled(value: number | Absent, units: readonly string[]): string {
  if (isAbsent(value)) return NOT_MEASURED;
  let rest = value;
  let unit = 0;
  // 999.5 would be shown as 1000.
  while (rest >= 999.5 && unit < units.length - 1) {
    rest /= 1000;
    unit += 1;
  }
  const digits = unit === 0 && Number.isInteger(rest) ? String(rest) : significant(rest);
  return digits + units[unit];
}

function significant(value: number): string {
  if (value >= 99.95) return value.toFixed(0);
  return value >= 9.995 ? value.toFixed(1) : value.toFixed(2);
}

function padded(value: number): string {
  return String(value).padStart(2, '0');
}
