import type { LimitedBy } from '../../metrics/load-generator-health.ts';

/** What limited the rate, as a sentence. */
export const advice: Readonly<Record<LimitedBy, string>> = {
  nothing: 'kept its schedule',
  generator:
    'SATURATED: this machine could not keep the rate, so the figures measure this machine. Use a faster one, or --partition',
  target: 'was limited by the target, which accepted no more',
  unknown: 'was not judged: no record was due after the warm-up',
};

/** Why a run has no latencies, and what to do: nothing of it was due after its warm-up. */
export const WARM_UP_DID_NOT_FIT =
  'the run was not longer than --warm-up, so no latency was measured: run longer, or give a shorter --warm-up';

/** Of a run without a rate, which may always be shorter than its warm-up. */
const WARM_UP_INCLUDED =
  'the run was not longer than --warm-up, so its latencies include the start: run longer, or give a shorter --warm-up';

/** Returns a warning for a scoring that ended within its warm-up. */
export function warmUpText(
  transactions: number,
  inWarmUp: number | undefined,
  warmUpSeconds: number,
): string | undefined {
  if (transactions === 0 || inWarmUp !== transactions) return undefined;
  return warmUpSeconds === 0 ? WARM_UP_INCLUDED : WARM_UP_DID_NOT_FIT;
}
