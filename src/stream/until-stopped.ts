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
    if (stop.aborted) return onStop();
    stop.addEventListener('abort', onStop, { once: true });
    next.then(resolve, reject).finally(() => stop.removeEventListener('abort', onStop));
  });
}
