/** The longest time that a timer of Node can wait; a longer one would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** An error that the AWS SDK, too, would call a timeout. */
export function timeoutError(message: string): Error {
  return Object.assign(new Error(message), { name: 'TimeoutError' });
}

/** The error of an answer that is longer than it can be. */
export function tooLargeError(maxBytes: number): Error {
  const message = `the answer is larger than ${maxBytes} bytes, more than this call can answer`;
  return Object.assign(new Error(message), { name: 'ResponseTooLarge' });
}

/** Calls back after `timeoutMs`, which may be infinite; the function returned cancels it. */
export function after(timeoutMs: number, callback: () => void): () => void {
  const timer = setTimeout(callback, Math.min(timeoutMs, LONGEST_TIMER_MS));
  return () => clearTimeout(timer);
}

/**
 * The result of `work`, if it comes in time. Errors: those of `work`; a `TimeoutError` after
 * `timeoutMs`, whatever the work waits for.
 */
export async function within<T>(timeoutMs: number, work: Promise<T>, late: string): Promise<T> {
  let cancel = (): void => undefined;
  const end = new Promise<never>((_, reject) => {
    cancel = after(timeoutMs, () => reject(timeoutError(late)));
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    cancel();
  }
}

/** All bytes of a body. Errors: `ResponseTooLarge`, which closes the connection. */
export async function collected(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLargeError(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
