import { count, percent } from '../../text/format.ts';
import type { CountryCount } from '../document/report-document.ts';
import { escaped } from './elements.ts';

/** The land as an SVG path, and where countries stand on it, by their two letters. */
export interface WorldMap {
  readonly width: number;
  readonly height: number;
  readonly land: string;
  readonly positions: Readonly<Record<string, readonly [number, number]>>;
}

/** Radius of the country with most frauds. */
const LARGEST = 26;
const names = new Intl.DisplayNames('en', { type: 'region' });

/** Frauds by country as circles, their areas as the counts; the inner part is what was found. */
export function worldMap(
  countries: readonly CountryCount[],
  { width, height, land, positions }: WorldMap,
): string {
  const most = Math.max(1, ...countries.map(({ frauds }) => frauds));
  const radius = (some: number): string => (LARGEST * Math.sqrt(some / most)).toFixed(1);
  const circles = [...countries]
    .sort((a, b) => b.frauds - a.frauds)
    .flatMap(({ country, frauds, found }) => {
      const at = positions[country];
      if (!at || frauds === 0) return [];
      const [x, y] = at;
      const label = `${countryName(country)}: ${count(frauds)} frauds, ${count(found)} found (${percent(found / frauds)})`;
      return `<g><title>${escaped(label)}</title><circle class="all" cx="${x}" cy="${y}" r="${radius(frauds)}"/><circle class="found" cx="${x}" cy="${y}" r="${radius(found)}"/></g>`;
    });
  return `<figure><svg class="map" viewBox="0 0 ${width} ${height}" role="img" aria-label="Frauds by country of the merchant; the table has the same figures"><path class="land" d="${land}"/>${circles.join('')}</svg>${legend(most, radius)}</figure>`;
}

/** What the circles stand for, and how large the largest one is. */
function legend(most: number, radius: (some: number) => string): string {
  const circle = (className: string, size: string): string => {
    const [edge, middle] = [2 * Number(size) + 2, Number(size) + 1];
    return `<svg width="${edge}" height="${edge}" aria-hidden="true"><circle class="${className}" cx="${middle}" cy="${middle}" r="${size}"/></svg>`;
  };
  const sizes = [...new Set([1, Math.ceil(most / 4), most])].map(
    (some) => `<li>${circle('all', radius(some))}${count(some)}</li>`,
  );
  return `<ul class="legend"><li>${circle('all', '7')}all frauds (dashed edge)</li><li>${circle('found', '7')}found (filled)</li><li>area by count:</li>${sizes.join('')}</ul>`;
}

export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (names.of(code) ?? code) : code;
}
