/**
 * Ranges from CSV files, and what is made of them. A range is `[first, last, value]`: the numbers
 * of networks, not of addresses (a /24 of IPv4, a /48 of IPv6), in order and without overlap.
 */
import { readFileSync } from 'node:fs';

/**
 * The ranges of a CSV file of `first,last,value`.
 *
 * A network that two rows share goes to the first of them: networks are not divided.
 */
export function rangesOf(path, networkOf, readValue) {
  const ranges = [];
  let next = 0;
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const [, from, to, rest] = /^([^,]+),([^,]+),(.+)$/.exec(line.trimEnd());
    const first = Math.max(networkOf(from), next);
    const last = networkOf(to);
    if (last < first) continue;
    ranges.push([first, last, readValue(rest)]);
    next = last + 1;
  }
  return ranges;
}

/** The parts of ranges that lie outside all of the others. */
export function without(ranges, others) {
  return ranges.flatMap(([first, last, value]) => {
    const kept = [];
    let at = first;
    for (const [from, to] of others) {
      if (to < at || from > last) continue;
      if (from > at) kept.push([at, from - 1, value]);
      at = to + 1;
    }
    if (at <= last) kept.push([at, last, value]);
    return kept;
  });
}

/** Ranges of countries cut where the kind changes: values are `{ country, kind }`. */
export function overlaid(countries, kinds) {
  const cut = [];
  let place = 0;
  for (const [first, last, country] of countries) {
    while (place < kinds.length && kinds[place][1] < first) place += 1;
    let at = first;
    for (let other = place; other < kinds.length && kinds[other][0] <= last; other += 1) {
      const [from, to, kind] = kinds[other];
      const begin = Math.max(at, from);
      const end = Math.min(last, to);
      if (begin > at) cut.push([at, begin - 1, { country, kind: 0 }]);
      cut.push([begin, end, { country, kind }]);
      at = end + 1;
    }
    if (at <= last) cut.push([at, last, { country, kind: 0 }]);
  }
  return cut;
}

/** Neighbours of the same country and kind as one range. */
export function merged(ranges) {
  const wide = [];
  for (const [first, last, value] of ranges) {
    const previous = wide.at(-1);
    const isSame =
      previous?.[1] === first - 1 &&
      previous[2].country === value.country &&
      previous[2].kind === value.kind;
    if (isSame) previous[1] = last;
    else wide.push([first, last, value]);
  }
  return wide;
}
