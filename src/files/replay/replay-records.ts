import type { TimeShift } from '../../commands/shared/flags/replay-flags.ts';
import type { Input } from '../../commands/shared/input.ts';
import { take } from '../../stream/async-iterables.ts';
import { fullySorted, type Lateness, sortedWithin } from '../ordering.ts';
import type { Recorded } from '../recorded-transactions.ts';
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

/** What the flags say about which records leave, in which order. */
export interface ReplayRecordValues {
  readonly by: 'event-time' | 'arrival';
  readonly sortWindow: number | undefined;
  readonly sort: boolean;
  readonly from: number | undefined;
  readonly until: number | undefined;
  readonly filter: readonly Condition[];
  readonly limit: number | undefined;
  readonly loop: number;
  readonly maxGap: number | undefined;
  readonly timeShift: TimeShift;
}

/** What was seen of the order of event times. */
export type Disorder = Order & Lateness;

/** The records of the files as the flags want them, each with the time it is due at. */
export function replayRecords(
  input: Input,
  values: ReplayRecordValues,
  disorder: Disorder,
  checkpoint: ReplayCheckpoint | undefined,
  stop: AbortSignal,
): AsyncIterable<readonly Timed[]> {
  const { from, until: to, filter: conditions, loop, limit, maxGap } = values;
  const inTime = values.by === 'arrival' ? byArrival : unchanged;
  const once = (): AsyncIterable<readonly Recorded[]> =>
    ordered(inTime(selected(input.read(), { from, to, conditions })), values, disorder);
  const all = looped(once, loop);
  const some = limit === undefined ? all : take(all, limit);
  const left = checkpoint ? remaining(some, checkpoint, stop) : some;
  return timed(moved(left, values.timeShift), maxGap ?? Number.POSITIVE_INFINITY, disorder);
}

function ordered(
  groups: AsyncIterable<readonly Recorded[]>,
  { sort, sortWindow }: ReplayRecordValues,
  disorder: Disorder,
): AsyncIterable<readonly Recorded[]> {
  if (sort) return fullySorted(groups);
  return sortWindow === undefined ? groups : sortedWithin(groups, sortWindow, disorder);
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
