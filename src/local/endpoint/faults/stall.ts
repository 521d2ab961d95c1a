/**
 * When work of so many milliseconds that begins at `begin` is done, if nothing is done in the last `forMs` of every `everyMs`.
 *
 * Time without the stalls is a straight line; this goes there, adds the work, and comes back.
 */
export function doneAt(begin: number, workMs: number, forMs: number, everyMs: number): number {
  const working = everyMs - forMs;
  const rounds = Math.floor(begin / everyMs);
  const worked = rounds * working + Math.min(working, begin - rounds * everyMs) + workMs;
  return Math.floor(worked / working) * everyMs + (worked % working);
}
