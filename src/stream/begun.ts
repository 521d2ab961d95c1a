import { setImmediate as turn } from 'node:timers/promises';

/** Records after which the code that makes them runs about as fast as it ever will. */
export const PRACTICE = 2_000;

/**
 * The same groups, the first of them read, and more while they come at once up to `ahead` records.
 *
 * Making a population or opening a file takes up to seconds, and code that has not been compiled yet
 * is ten times slower: the time of a run counts from here.
 * An error of the source comes where it would have come without this.
 */
export async function begun<T>(
  groups: Iterable<readonly T[]> | AsyncIterable<readonly T[]>,
  ahead: number = 1,
): Promise<AsyncIterable<readonly T[]>> {
  const reader =
    Symbol.asyncIterator in groups ? groups[Symbol.asyncIterator]() : groups[Symbol.iterator]();
  const pull = async (): Promise<IteratorResult<readonly T[]>> => reader.next();
  const read: Promise<IteratorResult<readonly T[]>>[] = [];
  for (let records = 0; records < ahead; ) {
    const next = pull();
    read.push(next);
    const settled = next.catch(() => undefined);
    const group = await (read.length === 1 ? settled : Promise.race([settled, turn()]));
    if (!group || group.done) break;
    records += group.value.length;
  }
  async function* all(): AsyncGenerator<readonly T[]> {
    try {
      for (const early of read) {
        const group = await early;
        if (group.done) return;
        yield group.value;
      }
      for (let next = await pull(); !next.done; next = await pull()) yield next.value;
    } finally {
      await reader.return?.();
    }
  }
  return all();
}
