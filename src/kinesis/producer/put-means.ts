import type { RequestTrace } from '../../records/request-trace.ts';
import type { Clock } from '../../stream/clock.ts';

/** What the producer needs from outside; `observe` sees each PutRecords call once it is over. */
export interface PutMeans {
  readonly clock: Clock;
  readonly random: () => number;
  readonly observe?: (trace: RequestTrace) => void;
}
