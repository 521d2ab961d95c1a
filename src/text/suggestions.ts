/** The candidate that a typist most likely meant; `undefined` if none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const farthest = Math.max(2, Math.floor(word.length / 3));
  return candidates
    .map((candidate) => ({ candidate, edits: edits(word, candidate) }))
    .filter((near) => near.edits <= farthest)
    .sort((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** The candidates nearest to a dotted name, best first: those that share its last word, then by letters. */
export function nearestOf(
  name: string,
  candidates: readonly string[],
  most: number,
): readonly string[] {
  const last = (dotted: string): string => dotted.split('.').at(-1) ?? dotted;
  return candidates
    .map((candidate) => ({
      candidate,
      edits: Math.min(edits(name, candidate), 1 + edits(last(name), last(candidate))),
    }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** Levenshtein distance: letters to insert, delete or replace to get from `a` to `b`. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
