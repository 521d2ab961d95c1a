import type { Request } from './request.ts';
import type { Store } from './store.ts';
import type { Stream } from './stream.ts';

/** One API operation: what it does at an instant, and what it answers (JSON). */
export type Operation = (request: Request, store: Store, now: number) => object;

/** The stream that a request names, by name or ARN. */
export function streamOf(request: Request, store: Store, now: number): Stream {
  const [name, arn] = [request.optionalText('StreamName'), request.optionalText('StreamARN')];
  return store.stream(name, arn, now);
}

/** Epoch seconds, as the wire has instants. */
export function seconds(epochMs: number): number {
  return epochMs / 1000;
}
