/** Numbers as people read them. All take plain units: counts, bytes, milliseconds, ratios. */

/** `1234567` is `1,234,567`. By hand: what the first `Intl.NumberFormat` loads takes 9 ms. */
export function count(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** At most three significant digits with a decimal prefix: `1234567` is `1.23 M`. */
export function short(value: number): string {
  return scaled(value, ['', ' k', ' M', ' G', ' T']);
}

/** `1234567` is `1.23 MB`; decimal units, as network links are measured. */
export function bytes(value: number): string {
  return scaled(value, [' B', ' kB', ' MB', ' GB', ' TB']);
}

/** `1234567` is `1.23 M/s`. */
export function perSecond(value: number): string {
  return `${short(value)}/s`;
}

/** `1234567` is `1.23 MB/s`. */
export function bytesPerSecond(value: number): string {
  return `${bytes(value)}/s`;
}

/** An amount of money in major units: `1234.5` is `1,235`, `12.345` is `12.3`. */
export function amount(major: number): string {
  return major >= 999.5 ? count(major) : significant(major);
}

/** `0.5` is `0.50 ms`, `2500` is `2.50 s`, `754000` is `12m34s`. */
export function span(ms: number): string {
  if (ms < 1000) return `${significant(ms)} ms`;
  if (ms < 60_000) return `${significant(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const [hours = 0, minutes = 0, rest = 0] = parts;
  return hours > 0 ? `${hours}h${padded(minutes)}m` : `${minutes}m${padded(rest)}s`;
}

/** `0.1234` is `12.3 %`. */
export function percent(ratio: number): string {
  return `${significant(ratio * 100)} %`;
}

function scaled(value: number, units: readonly string[]): string {
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
