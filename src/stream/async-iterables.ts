/** The records of a source until a signal aborts, even while the source keeps silent. */
export async function* untilStopped<T>(
  source: AsyncIterable<T>,
  stop: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const records = source[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await orStopped(records.next(), stop);
      if (!next || next.done) return;
      yield next.value;
    }
  } finally {
    // A source that is waiting for input would let us wait as well.
    void records.return?.();
  }
}

/** What a promise resolves to; `undefined` once the signal aborts, even while it is pending. */
export function orStopped<T>(next: Promise<T>, stop: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const onStop = (): void => resolve(undefined);
    // A call that fails after the stop has a handler as well: its failure must not end the process.
    next.then(resolve, reject).finally(() => stop.removeEventListener('abort', onStop));
    if (stop.aborted) onStop();
    else stop.addEventListener('abort', onStop, { once: true });
  });
}

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
