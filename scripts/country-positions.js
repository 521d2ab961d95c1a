/**
 * Prints the middle of each country as a unit vector {code: [x, y, z]}, for the manifest of the features.
 *
 * Source: Natural Earth, admin 0 countries 1:50m (public domain), from the npm package world-atlas.
 * x points to 0 N 0 E, y to 0 N 90 E, z to the north pole; six decimals are 6 m.
 */
import { createRequire } from 'node:module';
import { geoCentroid } from 'd3-geo';
import countries from 'i18n-iso-countries';
import { feature } from 'topojson-client';

const atlas = createRequire(import.meta.url)('world-atlas/countries-50m.json');
const found = feature(atlas, atlas.objects.countries)
  .features.map((shape) => [countries.numericToAlpha2(shape.id), geoCentroid(shape)])
  .filter(([code]) => code !== undefined)
  .sort(([a], [b]) => (a < b ? -1 : 1));
const radians = Math.PI / 180;
const vector = ([longitude, latitude]) =>
  [
    Math.cos(latitude * radians) * Math.cos(longitude * radians),
    Math.cos(latitude * radians) * Math.sin(longitude * radians),
    Math.sin(latitude * radians),
  ].map((part) => Number(part.toFixed(6)) + 0);
console.log(JSON.stringify(Object.fromEntries(found.map(([code, at]) => [code, vector(at)]))));
