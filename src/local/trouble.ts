import { Random } from '../generators/numbers/random.ts';
import type { Fault, RequestFault } from './fault.ts';
import type { Shard } from './shard.ts';
import type { EntryFault } from './write.ts';

/** What is to go wrong with one request of the data plane. */
export interface RequestTrouble {
  readonly delayMs: number;
  readonly fault: RequestFault | undefined;
}

/** The standard normal quantile of 0.99: how far p99 lies from the median. */
const Z99 = 2.326347874;

/** Draws troubles, the same for the same seed and the same order of requests. */
export class Troubles {
  #faults: readonly Fault[];
  readonly #random: Random;

  constructor(faults: readonly Fault[], seed: number) {
    this.#faults = faults;
    this.#random = new Random(seed, 0);
  }

  get faults(): readonly Fault[] {
    return this.#faults;
  }

  set(faults: readonly Fault[]): void {
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
  ofRequest(action: string): RequestTrouble {
    let delayMs = 0;
    let drawn: RequestFault | undefined;
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

function isFor(bound: string | undefined, shard: Shard): boolean {
  if (bound === undefined || bound === shard.id) return true;
  return /^\d+$/.test(bound) && Number(bound) === Number(shard.id.slice('shardId-'.length));
}
