/** The same records in groups of at most `size`, each taken only when it is asked for. */
export async function* slices<T>(
  groups: Iterable<readonly T[]> | AsyncIterable<readonly T[]>,
  size: number,
): AsyncGenerator<readonly T[], void, undefined> {
  for await (const group of groups) {
    for (let from = 0; from < group.length; from += size) yield group.slice(from, from + size);
  }
}
