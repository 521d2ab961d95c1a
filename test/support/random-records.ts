import type { AggregableRecord } from '../../dist/kpl/open-aggregate.js';

const RING = 2n ** 128n;
const letters = ['a', 'Z', '7', '-', 'é', 'ß', '卡', '💳', '\u0000', '"', '\\'];
const oddKeys = ['__proto__', 'constructor', 'hasOwnProperty', '0', '00', '-1', 'a', ' ', '卡'];

/** Numbers that look random and are the same in every run. Source: Numerical Recipes, LCG. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Records with all that trips a codec: see `randomKey`; a third with an explicit hash key. */
export function randomRecords(count: number, seed: number): readonly AggregableRecord[] {
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const record = { partitionKey: randomKey(random), data: randomData(random) };
    return random() < 1 / 3 ? { ...record, explicitHashKey: randomHashKey(random) } : record;
  });
}

/** Card ids, whole numbers, names of JavaScript's own, 256 characters, and many scripts. */
function randomKey(random: () => number): string {
  const below = (limit: number): number => Math.floor(random() * limit);
  const kinds = [
    () => `${4_111_111_111_110_000 + below(5_000)}`,
    () => `${below(1_000)}`,
    () => oddKeys[below(oddKeys.length)] ?? 'a',
    () => 'k'.repeat(255) + below(10),
    () => Array.from({ length: 1 + below(60) }, () => letters[below(letters.length)]).join(''),
  ];
  return kinds[below(kinds.length)]?.() ?? 'a';
}

function randomData(random: () => number): Buffer {
  const length = random() < 0.1 ? 0 : Math.floor(random() * 400);
  return Buffer.alloc(length).map(() => Math.floor(random() * 256)) as Buffer;
}

function randomHashKey(random: () => number): string {
  const ends = ['0', '1', `${RING - 1n}`];
  const word = (): bigint => BigInt(Math.floor(random() * 2 ** 32));
  const any = (word() << 96n) | (word() << 64n) | (word() << 32n) | word();
  return ends[Math.floor(random() * 10)] ?? `${any}`;
}
