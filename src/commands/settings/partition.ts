import { type Parser, parser } from './parser.ts';

/** There are 64 virtual shards to be dealt out. */
const MOST = 64;

/** A slice of a world, counted from 1: 1/3, 2/3, 3/3. */
export const partition: Parser<{ readonly index: number; readonly of: number }> = parser(
  `a slice such as 1/3, 2/3 or 3/3 (at most ${MOST} slices)`,
  '1/3',
  (text) => {
    const [, place, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
    const [index, of] = [Number(place) - 1, Number(count)];
    return index >= 0 && index < of && of <= MOST ? { index, of } : undefined;
  },
);
