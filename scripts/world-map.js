/**
 * Writes assets/world-map.json: the land of the world as one SVG path, and where countries stand on it.
 *
 * Source: Natural Earth 1:110m land and 1:50m countries (public domain), from the npm package world-atlas;
 * projection: Natural Earth, 960 units wide. Run by `npm run update:map`.
 */
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { geoCentroid, geoNaturalEarth1, geoPath } from 'd3-geo';
import codes from 'i18n-iso-countries';
import { feature } from 'topojson-client';

const { resolve } = createRequire(import.meta.url);
const atlas = async (name) =>
  (await import(resolve(`world-atlas/${name}.json`), { with: { type: 'json' } })).default;

const coarse = await atlas('countries-110m');
const fine = await atlas('countries-50m');
const WIDTH = 960;
// Antarctica has no merchants, and would take a fifth of the map.
const isShown = ({ id }) => id !== '010';
const shapes = feature(coarse, coarse.objects.countries).features.filter(isShown);
const world = { type: 'FeatureCollection', features: shapes };
const projection = geoNaturalEarth1().fitWidth(WIDTH, world);
const path = geoPath(projection).digits(1);
const [[, top], [, bottom]] = path.bounds(world);
projection.translate([projection.translate()[0], projection.translate()[1] - top]);
const positions = feature(fine, fine.objects.countries).features.flatMap((shape) => {
  const code = codes.numericToAlpha2(shape.id);
  const at = projection(geoCentroid(shape));
  return code && at ? [[code, at.map(Math.round)]] : [];
});
const map = {
  width: WIDTH,
  height: Math.ceil(bottom - top),
  land: path(world),
  positions: Object.fromEntries(positions.sort(([a], [b]) => (a < b ? -1 : 1))),
};
writeFileSync(
  join(import.meta.dirname, '..', 'assets', 'world-map.json'),
  `${JSON.stringify(map)}\n`,
);
