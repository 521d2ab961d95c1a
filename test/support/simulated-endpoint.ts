import type { ConcurrencyLimit } from '../../dist/scoring/concurrency-limit.js';

/** So many workers for so long; a request takes about `serviceMs` of one, 8 unless told. */
export interface Phase {
  readonly workers: number;
  readonly seconds: number;
  readonly serviceMs?: number;
}

/** What came of a phase. `steady` leaves out its first two seconds. */
export interface PhaseResult {
  readonly steadyPerSecond: number;
  readonly steadyThrottled: number;
  readonly throttled: number;
  readonly p99Ms: number;
}

const SERVICE_MS = 8;
/** Spread of the service time, and rare stalls, as of a garbage collector. */
const SIGMA = 0.5;
const STALL_SHARE = 0.003;
const STALL_MS = 200;
const REFUSAL_MS = 1;
const SETTLING_MS = 2_000;

interface Event {
  readonly at: number;
  readonly run: () => void;
}

/** Clients that always have another request, against workers with a queue, in virtual time. */
export function simulated(
  limiterOf: (random: () => number) => ConcurrencyLimit,
  phases: readonly Phase[],
  queuePerWorker: number,
  seed: number,
): readonly PhaseResult[] {
  const simulation = new Simulation(limiterOf, phases, queuePerWorker, seed);
  simulation.run();
  return simulation.results();
}

interface Tally {
  answered: number;
  refused: number;
  steadyAnswered: number;
  steadyRefused: number;
  readonly durations: number[];
}

class Simulation {
  readonly #limiter: ConcurrencyLimit;
  readonly #phases: readonly Phase[];
  readonly #queuePerWorker: number;
  readonly #random: () => number;
  readonly #events = new Heap();
  readonly #tallies: readonly Tally[];
  #waiting: number[] = [];
  #now = 0;
  #inFlight = 0;
  #busy = 0;

  constructor(
    limiterOf: (random: () => number) => ConcurrencyLimit,
    phases: readonly Phase[],
    queuePerWorker: number,
    seed: number,
  ) {
    this.#random = generator(seed);
    this.#limiter = limiterOf(this.#random);
    this.#phases = phases;
    this.#queuePerWorker = queuePerWorker;
    this.#tallies = phases.map(() => ({
      answered: 0,
      refused: 0,
      steadyAnswered: 0,
      steadyRefused: 0,
      durations: [],
    }));
  }

  run(): void {
    const endMs = 1000 * this.#phases.reduce((sum, { seconds }) => sum + seconds, 0);
    this.#fill();
    while (this.#now < endMs) {
      const event = this.#events.next();
      if (event) {
        this.#now = event.at;
        event.run();
      } else this.#now = Math.max(this.#limiter.pausedUntil, this.#now + REFUSAL_MS);
      this.#fill();
    }
  }

  results(): readonly PhaseResult[] {
    return this.#tallies.map((tally, place) => {
      const seconds = (this.#phases[place]?.seconds ?? 0) - SETTLING_MS / 1000;
      const steady = tally.steadyAnswered + tally.steadyRefused;
      const sorted = tally.durations.sort((a, b) => a - b);
      return {
        steadyPerSecond: tally.steadyAnswered / seconds,
        steadyThrottled: tally.steadyRefused / steady,
        throttled: tally.refused / (tally.answered + tally.refused),
        p99Ms: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
      };
    });
  }

  #fill(): void {
    if (this.#now < this.#limiter.pausedUntil) {
      // Whoever pauses is woken by the clock alone.
      if (this.#inFlight === 0) this.#later(this.#limiter.pausedUntil - this.#now, () => undefined);
      return;
    }
    while (this.#inFlight < this.#limiter.limit) this.#send();
  }

  #send(): void {
    const { workers } = this.#phase();
    this.#inFlight += 1;
    if (this.#busy < workers) this.#serve(this.#now);
    else if (this.#waiting.length < workers * this.#queuePerWorker) this.#waiting.push(this.#now);
    else this.#later(REFUSAL_MS, () => this.#end('throttled', REFUSAL_MS));
  }

  #serve(sentAt: number): void {
    this.#busy += 1;
    const { serviceMs = SERVICE_MS } = this.#phase();
    const stall = this.#random() < STALL_SHARE ? STALL_MS : 0;
    const ms = serviceMs * Math.exp(SIGMA * normal(this.#random)) + stall;
    this.#later(ms, () => {
      this.#busy -= 1;
      this.#end('answered', this.#now - sentAt);
      const next = this.#busy < this.#phase().workers ? this.#waiting.shift() : undefined;
      if (next !== undefined) this.#serve(next);
    });
  }

  #end(result: 'answered' | 'throttled', durationMs: number): void {
    this.#inFlight -= 1;
    const [tally, isSteady] = this.#tally();
    const key = result === 'answered' ? 'answered' : 'refused';
    tally[key] += 1;
    if (isSteady) tally[key === 'answered' ? 'steadyAnswered' : 'steadyRefused'] += 1;
    if (result === 'answered') tally.durations.push(durationMs);
    this.#limiter.add({ result, durationMs, inFlight: this.#inFlight }, this.#now);
  }

  #place(): { readonly place: number; readonly startedAt: number } {
    let startedAt = 0;
    for (const [place, { seconds }] of this.#phases.entries()) {
      if (this.#now < startedAt + seconds * 1000) return { place, startedAt };
      startedAt += seconds * 1000;
    }
    return { place: this.#phases.length - 1, startedAt };
  }

  #phase(): Phase {
    return this.#phases[this.#place().place] as Phase;
  }

  #tally(): readonly [Tally, boolean] {
    const { place, startedAt } = this.#place();
    return [this.#tallies[place] as Tally, this.#now >= startedAt + SETTLING_MS];
  }

  #later(ms: number, run: () => void): void {
    this.#events.add({ at: this.#now + ms, run });
  }
}

/** Events by time. */
class Heap {
  readonly #events: Event[] = [];

  add(event: Event): void {
    this.#events.push(event);
    let place = this.#events.length - 1;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if ((this.#events[parent] as Event).at <= event.at) break;
      this.#events[place] = this.#events[parent] as Event;
      place = parent;
    }
    this.#events[place] = event;
  }

  next(): Event | undefined {
    const [first] = this.#events;
    const last = this.#events.pop();
    if (!first || !last || this.#events.length === 0) return first;
    let place = 0;
    for (;;) {
      const left = 2 * place + 1;
      if (left >= this.#events.length) break;
      const right = left + 1;
      const isRight = (this.#events[right]?.at ?? Infinity) < (this.#events[left] as Event).at;
      const child = isRight ? right : left;
      if ((this.#events[child] as Event).at >= last.at) break;
      this.#events[place] = this.#events[child] as Event;
      place = child;
    }
    this.#events[place] = last;
    return first;
  }
}

/** Mulberry32. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let bits = Math.imul(state ^ (state >>> 15), 1 | state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
