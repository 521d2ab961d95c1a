import { take } from '../../stream/async-iterables.ts';
import type { Input } from '../input.ts';
import { type Lateness, ordered } from '../ordering.ts';
import type { Recorded } from '../recorded.ts';
import {
  byArrival,
  looped,
  type Order,
  remaining,
  shifted,
  type Timed,
  timed,
} from './event-times.ts';
import type { ReplayCheckpoint } from './replay-checkpoint.ts';
import { type Condition, selected } from './selection.ts';

/** How event times are changed: not at all, to the instant a record is due, or by so many milliseconds. */
export type TimeShift = 'none' | 'now' | { readonly byMs: number };

/** Which records of the input leave, in which order, and when; event times in epoch milliseconds. */
export interface ReplayRecordSettings {
  /** The times they leave by: of the events, or of their arrival in the recorded stream. */
  readonly by?: 'event-time' | 'arrival';
  /** Puts in order what is out of order by at most that much. */
  readonly sortWindowMs?: number | undefined;
  /** Puts all in order, on disk where they are many. */
  readonly sort?: boolean;
  readonly from?: number | undefined;
  readonly until?: number | undefined;
  readonly filter?: readonly Condition[];
  /** At most so many records. */
  readonly limit?: number | undefined;
  /** How many times the input is replayed. */
  readonly loop?: number;
  /** Longer pauses count as that long. */
  readonly maxGapMs?: number | undefined;
  readonly timeShift?: TimeShift;
}

/** What was seen of the order of event times. */
export type Disorder = Order & Lateness;

/** The records of the input, selected and in order, each with the time it is due at. */
export function replayRecords(
  input: Input,
  settings: ReplayRecordSettings,
  disorder: Disorder,
  checkpoint: ReplayCheckpoint | undefined,
  stop: AbortSignal,
): AsyncIterable<readonly Timed[]> {
  const { from, until: to, filter: conditions = [], loop = 1, limit } = settings;
  const { maxGapMs = Number.POSITIVE_INFINITY, timeShift = 'none' } = settings;
  const inTime = settings.by === 'arrival' ? byArrival : unchanged;
  const once = (): AsyncIterable<readonly Recorded[]> =>
    ordered(inTime(selected(input.read(), { from, to, conditions })), settings, disorder);
  const all = looped(once, loop);
  const some = limit === undefined ? all : take(all, limit);
  const left = checkpoint ? remaining(some, checkpoint, stop) : some;
  return timed(moved(left, timeShift), maxGapMs, disorder);
}

const unchanged = <T>(groups: T): T => groups;

async function* moved(
  groups: AsyncIterable<readonly Recorded[]>,
  shift: TimeShift,
): AsyncGenerator<readonly Recorded[]> {
  for await (const group of groups) {
    yield typeof shift === 'string' ? group : group.map((record) => shifted(record, shift.byMs));
  }
}
