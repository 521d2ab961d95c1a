/** The first `count` records of a stream of groups; the last group is cut to size. */
export async function* take<T>(
  groups: Iterable<readonly T[]> | AsyncIterable<readonly T[]>,
  count: number,
): AsyncGenerator<readonly T[], void, undefined> {
  let left = count;
  if (left <= 0) return;
  for await (const group of groups) {
    yield group.length <= left ? group : group.slice(0, left);
    left -= group.length;
    if (left <= 0) return;
  }
}
