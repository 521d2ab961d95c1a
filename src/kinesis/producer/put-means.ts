import type { RequestTrace } from '../../records/request-trace.ts';
import type { Clock } from '../../stream/clock.ts';

/**
 * What the producer needs from outside; `observe` sees each PutRecords call once it is over.
 *
 * `stop` ends the listing of shards before the first put. Later, the source ends by itself.
 */
export interface PutMeans {
  readonly clock: Clock;
  readonly random: () => number;
  readonly stop?: AbortSignal;
  readonly observe?: (trace: RequestTrace) => void;
}
