import type { Clock } from '../stream/clock.ts';
import type { Due } from '../transactions/user-record.ts';
import type { Pacer } from './pacer.ts';

type Groups<T> = Iterable<readonly T[]> | AsyncIterable<readonly T[]>;

/**
 * Open loop: hands records on when they are due, each with its due instant.
 *
 * Due times are absolute, so a late start of one record delays no other: after a stall all that has
 * come due leaves at once. Latencies from the due instant are free of coordinated omission.
 * The schedule begins when the source has its first group: what it takes to make that is nobody's
 * lateness. Ends when the source does, at `Infinity`, or on abort.
 */
export async function* pace<T>(
  groups: Groups<T>,
  pacer: Pacer<T>,
  clock: Clock,
  stop: AbortSignal,
): AsyncGenerator<readonly Due<T>[], void, undefined> {
  let startAt = Number.NaN;
  let before = 0;
  for await (const group of groups) {
    if (Number.isNaN(startAt)) startAt = clock.now();
    const dueAtOf = (place: number, record: T): number => startAt + pacer(before + place, record);
    let place = 0;
    while (place < group.length) {
      const due = dueFrom(group, place, dueAtOf, clock.now());
      place += due.length;
      if (due.length > 0) yield due;
      if (stop.aborted || !(await isDueSoon(group, place, dueAtOf, clock, stop))) return;
    }
    before += group.length;
  }
}

/** The records from a place on that are due at the instant. */
function dueFrom<T>(
  group: readonly T[],
  from: number,
  dueAtOf: (place: number, record: T) => number,
  now: number,
): readonly Due<T>[] {
  const due: Due<T>[] = [];
  for (let place = from; place < group.length; place += 1) {
    const record = group[place] as T;
    const dueAt = dueAtOf(place, record);
    if (dueAt > now) break;
    due.push({ dueAt, record });
  }
  return due;
}

/** Waits until the record at the place is due; false when it never will be. */
async function isDueSoon<T>(
  group: readonly T[],
  place: number,
  dueAtOf: (place: number, record: T) => number,
  clock: Clock,
  stop: AbortSignal,
): Promise<boolean> {
  if (place >= group.length) return true;
  const waitMs = dueAtOf(place, group[place] as T) - clock.now();
  if (waitMs === Number.POSITIVE_INFINITY) return false;
  if (waitMs > 0) await clock.sleep(waitMs, stop);
  return !stop.aborted;
}

/**
 * Hands records on as fast as they are taken: each is due when it is asked for.
 *
 * The duration counts from the first group.
 */
export async function* unpaced<T>(
  groups: Groups<T>,
  clock: Clock,
  stop: AbortSignal,
  durationMs: number = Number.POSITIVE_INFINITY,
): AsyncGenerator<readonly Due<T>[], void, undefined> {
  let endAt = Number.NaN;
  for await (const group of groups) {
    const dueAt = clock.now();
    if (Number.isNaN(endAt)) endAt = dueAt + durationMs;
    if (stop.aborted || dueAt >= endAt) return;
    yield group.map((record) => ({ dueAt, record }));
  }
}
