import type { Latency } from './latency.ts';
import type { CapacityStep } from './workers.ts';

/** Troubles drawn for a whole request, by their share of requests. */
export const requestFaults = [
  'throttle',
  'http403',
  'http500',
  'http503',
  'http530',
  'model400',
  'model500',
  'model-timeout',
  'hang',
  'reset',
  'truncate',
  'short',
] as const;
export type RequestFault = (typeof requestFaults)[number];

/** Troubles drawn for each row of a request, by their share of rows. */
export const rowFaults = ['wrong', 'nan', 'missing'] as const;
export type RowFault = (typeof rowFaults)[number];

/** One trouble of the local endpoint. Times count from the moment the faults were set. */
export type EndpointFault =
  | { readonly kind: RequestFault | RowFault; readonly share: number }
  | { readonly kind: 'latency'; readonly latency: Latency }
  | { readonly kind: 'stall'; readonly forMs: number; readonly everyMs: number }
  | { readonly kind: 'workers'; readonly steps: readonly CapacityStep[] }
  | { readonly kind: 'queue'; readonly length: number }
  | { readonly kind: 'limit'; readonly perSecond: number; readonly burst: number }
  | { readonly kind: 'not-ready'; readonly forMs: number }
  | { readonly kind: 'dead'; readonly fromMs: number; readonly forMs: number }
  | { readonly kind: 'wrong-ids'; readonly ids: readonly string[] };
