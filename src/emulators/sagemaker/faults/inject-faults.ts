import { Random } from '../../../generators/numbers/random.ts';
import {
  drawnMs,
  type EndpointFault,
  type EndpointRequestFault,
  type EndpointRowFault,
} from './fault.ts';
import { Workers } from './workers.ts';

/**
 * When work of so many milliseconds that begins at `begin` is done, if nothing is done in the last `forMs` of every `everyMs`.
 *
 * Time without the stalls is a straight line; this goes there, adds the work, and comes back.
 */
export function doneAt(begin: number, workMs: number, forMs: number, everyMs: number): number {
  const working = everyMs - forMs;
  const rounds = Math.floor(begin / everyMs);
  const worked = rounds * working + Math.min(working, begin - rounds * everyMs) + workMs;
  return Math.floor(worked / working) * everyMs + (worked % working);
}

/** A token bucket that begins full: a rate, and a burst above it. Units: milliseconds since some start. */
export class RateLimit {
  readonly #perMs: number;
  readonly #burst: number;
  #tokens: number;
  #filledAt = 0;

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000;
    this.#burst = Math.max(1, burst);
    this.#tokens = this.#burst;
  }

  /** True when one more may go now; it is then counted. */
  admits(now: number): boolean {
    const grown = this.#tokens + (now - this.#filledAt) * this.#perMs;
    this.#tokens = Math.min(this.#burst, grown);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** What is to go wrong with one request. Units: milliseconds. */
export interface InjectedEndpointFault {
  readonly delayMs: number;
  readonly fault: EndpointRequestFault | 'not-ready' | undefined;
}

type Of<Kind extends EndpointFault['kind']> = Extract<EndpointFault, { readonly kind: Kind }>;
type Shared<Kind> = { readonly kind: Kind; readonly share: number };

const calm: InjectedEndpointFault = { delayMs: 0, fault: undefined };
const throttled: InjectedEndpointFault = { delayMs: 0, fault: 'throttle' };

/** Draws faults, the same for the same seed, the same requests and the same times of arrival. */
export class EndpointFaultInjector {
  #faults: readonly EndpointFault[] = [];
  readonly #random: Random;
  #setAt = 0;
  #workers: Workers | undefined;
  #limit: RateLimit | undefined;
  #ofRequests: readonly Shared<EndpointRequestFault>[] = [];
  #ofRows: readonly Shared<EndpointRowFault>[] = [];
  #wrongIds: ReadonlySet<string> = new Set();

  constructor(faults: readonly EndpointFault[], seed: number, now: number) {
    this.#random = new Random(seed, 0);
    this.set(faults, now);
  }

  get faults(): readonly EndpointFault[] {
    return this.#faults;
  }

  /** Replaces all faults; their times begin now. */
  set(faults: readonly EndpointFault[], now: number): void {
    this.#faults = faults;
    this.#setAt = now;
    const workers = this.#last('workers');
    this.#workers = workers && new Workers(workers.steps, this.#last('queue')?.length);
    const limit = this.#last('limit');
    this.#limit = limit && new RateLimit(limit.perSecond, limit.burst);
    const shared = faults.filter((one) => 'share' in one);
    this.#ofRows = shared.filter((one): one is Shared<EndpointRowFault> => isOfRows(one.kind));
    this.#ofRequests = shared.filter(
      (one): one is Shared<EndpointRequestFault> => !isOfRows(one.kind),
    );
    const ids = faults.flatMap((one) => (one.kind === 'wrong-ids' ? one.ids : []));
    this.#wrongIds = new Set(ids);
  }

  /** True while every connection is to be reset. */
  isDead(now: number): boolean {
    const at = now - this.#setAt;
    return this.#faults.some(
      (one) => one.kind === 'dead' && at >= one.fromMs && at < one.fromMs + one.forMs,
    );
  }

  /** What goes wrong with a request that arrives now. */
  ofRequest(now: number): InjectedEndpointFault {
    if (this.#faults.length === 0) return calm;
    const at = now - this.#setAt;
    const fault = this.#drawn();
    if (at < (this.#last('not-ready')?.forMs ?? 0)) return { delayMs: 0, fault: 'not-ready' };
    if (fault === 'throttle' || this.#limit?.admits(at) === false) return throttled;
    const end = this.#end(at);
    return end === undefined ? throttled : { delayMs: end - at, fault };
  }

  /** True when scores may have to be changed. */
  get bendsRows(): boolean {
    return this.#ofRows.length > 0 || this.#wrongIds.size > 0;
  }

  /** Changes scores of rows: wrong ones are turned to 1 - score, left out ones to Infinity. */
  answerFault(scores: Float32Array, count: number, ids: readonly string[]): void {
    for (let row = 0; row < count; row += 1) {
      const kind = this.#wrongIds.has(ids[row] ?? '') ? 'wrong' : this.#drawnOfRow();
      if (kind === 'wrong') scores[row] = 1 - (scores[row] as number);
      else if (kind === 'nan') scores[row] = Number.NaN;
      else if (kind === 'missing') scores[row] = Number.POSITIVE_INFINITY;
    }
  }

  #drawn(): EndpointRequestFault | undefined {
    return this.#ofRequests.find(({ share }) => this.#random.chance(share))?.kind;
  }

  #drawnOfRow(): EndpointRowFault | undefined {
    return this.#ofRows.find(({ share }) => this.#random.chance(share))?.kind;
  }

  /** When the answer is due; nothing when no worker can take it. */
  #end(at: number): number | undefined {
    let workMs = 0;
    for (const one of this.#faults) {
      if (one.kind === 'latency') workMs += drawnMs(one.latency, this.#random);
    }
    const stall = this.#last('stall');
    const finish = (begin: number): number =>
      stall ? doneAt(begin, workMs, stall.forMs, stall.everyMs) : begin + workMs;
    return this.#workers ? this.#workers.admit(at, finish) : finish(at);
  }

  #last<Kind extends EndpointFault['kind']>(kind: Kind): Of<Kind> | undefined {
    return this.#faults.findLast((one): one is Of<Kind> & EndpointFault => one.kind === kind);
  }
}

const isOfRows = (kind: string): boolean =>
  kind === 'wrong' || kind === 'nan' || kind === 'missing';
