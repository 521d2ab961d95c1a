import { manifest } from './manifest.ts';

const MS_PER_HOUR = 3_600_000;
/** Two transactions are never less than a minute apart when it comes to speed. */
const LEAST_HOURS = 1 / 60;

/** Positions by the number of the country. */
const positions: ReadonlyMap<number, readonly [number, number, number]> = new Map(
  Object.entries(manifest.positions).map(([code, at]) => [countryNumber(code), at]),
);

/** A number for each code of two letters; 0 for none. */
export function countryNumber(code: string | null | undefined): number {
  return code ? code.charCodeAt(0) * 256 + code.charCodeAt(1) : 0;
}

/** How far one country is from another, in km, along the chord instead of by haversine; NaN where one has no position. */
export function distanceKm(from: number, to: number): number {
  if (from === to) return 0;
  const a = positions.get(from);
  const b = positions.get(to);
  if (!a || !b) return Number.NaN;
  const [x, y, z] = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
  return manifest.earth_radius_km * Math.sqrt(x * x + y * y + z * z);
}

/** How fast somebody went from one country to another, in km/h; NaN where one has no position. */
export function speedKmh(from: number, to: number, ms: number): number {
  if (from === to) return 0;
  return distanceKm(from, to) / Math.max(ms / MS_PER_HOUR, LEAST_HOURS);
}
