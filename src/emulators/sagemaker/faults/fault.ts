import type { Random } from '../../../generators/numbers/random.ts';
import { args, durationMs, msText, positive, share } from './value-text.ts';
import type { CapacityStep } from './workers.ts';

/**
 * How long an answer takes.
 *
 * `lognormal`: its logarithm is normal around that of the median, with deviation `sigma`. `bimodal`: a share
 * `slowShare` takes `slowMs`.
 */
export type LatencyDistribution =
  | { readonly form: 'const'; readonly ms: number }
  | { readonly form: 'lognormal'; readonly medianMs: number; readonly sigma: number }
  | {
      readonly form: 'bimodal';
      readonly ms: number;
      readonly slowMs: number;
      readonly slowShare: number;
    };

/** `8ms`, `lognormal(8ms,0.5)`, `bimodal(8ms,200ms,1%)`; nothing for other forms. */
export function latency(text: string): LatencyDistribution | undefined {
  const fixed = durationMs(text) ?? durationMs(args('const', text)?.join() ?? '');
  if (fixed !== undefined) return { form: 'const', ms: fixed };
  const [median = '', deviation = '', ...many] = args('lognormal', text) ?? [];
  const [medianMs, sigma] = [durationMs(median), positive(deviation)];
  if (medianMs && sigma && many.length === 0) return { form: 'lognormal', medianMs, sigma };
  const [fast = '', slow = '', part = '', ...more] = args('bimodal', text) ?? [];
  const [ms, slowMs, slowShare] = [durationMs(fast), durationMs(slow), share(part)];
  if (ms === undefined || slowMs === undefined || slowShare === undefined) return undefined;
  return more.length === 0 ? { form: 'bimodal', ms, slowMs, slowShare } : undefined;
}

/** A latency as it would be written. */
export function latencyText(one: LatencyDistribution): string {
  if (one.form === 'const') return msText(one.ms);
  if (one.form === 'lognormal') return `lognormal(${msText(one.medianMs)},${one.sigma})`;
  return `bimodal(${msText(one.ms)},${msText(one.slowMs)},${one.slowShare})`;
}

/** Milliseconds of one answer. */
export function drawnMs(one: LatencyDistribution, random: Random): number {
  if (one.form === 'const') return one.ms;
  if (one.form === 'lognormal') return one.medianMs * Math.exp(one.sigma * random.normal());
  return random.chance(one.slowShare) ? one.slowMs : one.ms;
}

/** Faults drawn for a whole request, by their share of requests. */
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
export type EndpointRequestFault = (typeof requestFaults)[number];

/** Faults drawn for each row of a request, by their share of rows. */
export const rowFaults = ['wrong', 'nan', 'missing'] as const;
export type EndpointRowFault = (typeof rowFaults)[number];

/** One fault of the local endpoint. Times count from the moment the faults were set. */
export type EndpointFault =
  | { readonly kind: EndpointRequestFault | EndpointRowFault; readonly share: number }
  | { readonly kind: 'latency'; readonly latency: LatencyDistribution }
  | { readonly kind: 'stall'; readonly forMs: number; readonly everyMs: number }
  | { readonly kind: 'workers'; readonly steps: readonly CapacityStep[] }
  | { readonly kind: 'queue'; readonly length: number }
  | { readonly kind: 'limit'; readonly perSecond: number; readonly burst: number }
  | { readonly kind: 'not-ready'; readonly forMs: number }
  | { readonly kind: 'dead'; readonly fromMs: number; readonly forMs: number }
  | { readonly kind: 'wrong-ids'; readonly ids: readonly string[] };
