import { orStopped } from '../../stream/async-iterables.ts';
import { Mailbox } from '../../stream/mailbox.ts';

/** Hands over a group; resolves when it was counted, or on stop. */
export type Deliver<T> = (group: readonly T[]) => Promise<void>;

/**
 * The groups that concurrent workers deliver, in one iteration.
 *
 * A worker goes on when its group was counted: nothing piles up. Ends when `work` does; aborts `stop` of the workers
 * when the iteration ends. Errors: those of `work`, unless it was stopped.
 */
export async function* gatheredGroups<T>(
  outsideStop: AbortSignal,
  work: (deliver: Deliver<T>, stop: AbortSignal) => Promise<void>,
): AsyncGenerator<readonly T[], void, undefined> {
  const own = new AbortController();
  const stop = AbortSignal.any([outsideStop, own.signal]);
  const mailbox = new Mailbox<{ readonly group: readonly T[]; readonly counted: () => void }>();
  const deliver = async (group: readonly T[]): Promise<void> => {
    if (group.length === 0) return;
    const taken = new Promise<void>((counted) => mailbox.push({ group, counted }));
    await orStopped(taken, own.signal);
  };
  const working = work(deliver, stop).then(
    () => mailbox.end(),
    (error: unknown) => mailbox.end(stop.aborted ? undefined : error),
  );
  try {
    for await (const { group, counted } of mailbox) {
      yield group;
      counted();
    }
  } finally {
    own.abort();
    await working;
  }
}
