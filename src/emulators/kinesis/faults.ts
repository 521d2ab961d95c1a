import { FraudstreamError } from '../../errors.ts';
import { Random } from '../../generators/numbers/random.ts';
import type { EntryFault } from './put-records.ts';
import type { StoredShard } from './shard.ts';

/**
 * One fault of the embedded Kinesis (fault injection, chaos testing).
 *
 * `share` is the probability, of an entry for `throttle` and `fail`, of a request for all others.
 * `throttle` may be bound to one shard, by id or by number.
 */
export type KinesisFault =
  | { readonly kind: 'throttle'; readonly share: number; readonly shard?: string }
  | { readonly kind: KinesisRequestFault | 'fail'; readonly share: number }
  | { readonly kind: 'latency'; readonly p50Ms: number; readonly p99Ms: number };

/** Faults of a whole request. */
export type KinesisRequestFault =
  | 'http500'
  | 'http503'
  | 'hang'
  | 'reset'
  | 'reset-after'
  | 'short';

const requestFaults: readonly string[] = [
  'http500',
  'http503',
  'hang',
  'reset',
  'reset-after',
  'short',
];

/** How faults are written, for messages. */
export const faultForms: string =
  'throttle:0.2, throttle=0:0.5 (one shard), fail:0.1, http500:0.05, http503:0.05, hang:0.01, reset:0.01, reset-after:0.01, short:0.01, latency:50ms or latency:p50=20ms,p99=400ms';

/** Characters of a wrong fault in its message. */
const MOST_SHOWN = 200;

/** A comma before the name of a fault; others are within the value of a `latency`. */
const BETWEEN_FAULTS = /,(?=[a-z0-9-]+(?:=[\w-]+)?:|(?!p99=)[a-z0-9-]+=)/;

/** Reads faults, separated by commas, as on a command line. Errors: `usage`, naming the forms. */
export function parseFaults(text: string): readonly KinesisFault[] {
  return text.split(BETWEEN_FAULTS).map(parseFault);
}

/**
 * Reads a fault: `throttle:0.2`, or `throttle=0.2` as faults of the scoring endpoint are written.
 *
 * Errors: `usage`, naming the forms.
 */
export function parseFault(text: string): KinesisFault {
  const [, kind = '', shard, value = ''] =
    /^([a-z0-9-]+)(?:=([\w-]+))?:(.+)$/.exec(text) ??
    /^([a-z0-9-]+)()=(.+)$/.exec(text)?.map((part) => part || undefined) ??
    [];
  const fault =
    kind === 'latency' && shard === undefined ? latency(value) : withShare(kind, shard, value);
  if (fault) return fault;
  const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
  throw new FraudstreamError('usage', `"${shown}" is not a fault. Write ${faultForms}.`);
}

/** A fault as it would be written on a command line. */
export function faultText(fault: KinesisFault): string {
  if (fault.kind === 'latency') {
    const { p50Ms, p99Ms } = fault;
    return p50Ms === p99Ms ? `latency:${p50Ms}ms` : `latency:p50=${p50Ms}ms,p99=${p99Ms}ms`;
  }
  const shard = fault.kind === 'throttle' ? fault.shard : undefined;
  return `${fault.kind}${shard === undefined ? '' : `=${shard}`}:${fault.share}`;
}

function withShare(
  kind: string,
  shard: string | undefined,
  value: string,
): KinesisFault | undefined {
  const [, amount, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(value) ?? [];
  const share = Number(amount) / (percent ? 100 : 1);
  if (!(share >= 0 && share <= 1)) return undefined;
  if (kind === 'throttle') return shard === undefined ? { kind, share } : { kind, share, shard };
  if (shard !== undefined) return undefined;
  if (kind === 'fail') return { kind, share };
  return requestFaults.includes(kind) ? { kind: kind as KinesisRequestFault, share } : undefined;
}

/** `50ms`, or a lognormal distribution by two of its percentiles. */
function latency(value: string): KinesisFault | undefined {
  const fixed = milliseconds(value);
  if (fixed !== undefined) return { kind: 'latency', p50Ms: fixed, p99Ms: fixed };
  const [, median = '', high = ''] = /^p50=([^,]+),p99=([^,]+)$/.exec(value) ?? [];
  const [p50Ms, p99Ms] = [milliseconds(median), milliseconds(high)];
  if (p50Ms === undefined || p99Ms === undefined || p50Ms === 0 || p99Ms < p50Ms) return undefined;
  return { kind: 'latency', p50Ms, p99Ms };
}

/** No answer waits longer than a day; timers cannot wait for more than 24. */
const MOST_MS = 86_400_000;

function milliseconds(text: string): number | undefined {
  if (text === '0') return 0;
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(ms|s)$/.exec(text) ?? [];
  const ms = unit === 's' ? Number(amount) * 1000 : Number(amount);
  return ms <= MOST_MS ? ms : undefined;
}

/** What is to go wrong with one request of the data plane. */
export interface InjectedRequestFault {
  readonly delayMs: number;
  readonly fault: KinesisRequestFault | undefined;
}

/** The standard normal quantile of 0.99: how far p99 lies from the median. */
const Z99 = 2.326347874;

/** Draws faults, the same for the same seed and the same order of requests. */
export class FaultInjector {
  #faults: readonly KinesisFault[];
  readonly #random: Random;

  constructor(faults: readonly KinesisFault[], seed: number) {
    this.#faults = faults;
    this.#random = new Random(seed, 0);
  }

  get faults(): readonly KinesisFault[] {
    return this.#faults;
  }

  set(faults: readonly KinesisFault[]): void {
    this.#faults = faults;
  }

  /** For PutRecords and PutRecord, entry by entry. */
  readonly ofEntry: EntryFault = (shard) => {
    for (const fault of this.#faults) {
      if (
        fault.kind === 'throttle' &&
        isFor(fault.shard, shard) &&
        this.#random.chance(fault.share)
      ) {
        return 'throttle';
      }
      if (fault.kind === 'fail' && this.#random.chance(fault.share)) return 'fail';
    }
    return undefined;
  };

  /** Short answers are for PutRecords alone: a reader could only lose records by them. */
  ofRequest(action: string): InjectedRequestFault {
    let delayMs = 0;
    let drawn: KinesisRequestFault | undefined;
    for (const fault of this.#faults) {
      if (fault.kind === 'latency') delayMs += this.#latencyMs(fault.p50Ms, fault.p99Ms);
      else if (fault.kind !== 'throttle' && fault.kind !== 'fail') {
        const isFor = fault.kind !== 'short' || action === 'PutRecords';
        if (isFor && !drawn && this.#random.chance(fault.share)) drawn = fault.kind;
      }
    }
    return { delayMs, fault: drawn };
  }

  /** Lognormal: ln(x) is normal around ln(p50), wide enough that p99 comes out. */
  #latencyMs(p50Ms: number, p99Ms: number): number {
    const deviation = Math.log(p99Ms / p50Ms) / Z99;
    return deviation > 0 ? p50Ms * Math.exp(deviation * this.#random.normal()) : p50Ms;
  }
}

function isFor(bound: string | undefined, shard: StoredShard): boolean {
  if (bound === undefined || bound === shard.id) return true;
  return /^\d+$/.test(bound) && Number(bound) === Number(shard.id.slice('shardId-'.length));
}
