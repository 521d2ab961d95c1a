import type { CapacityStep } from './fault.ts';

/** With no queue stated, so many wait for each worker. */
const QUEUED_A_WORKER = 2;

/**
 * Workers with one queue in front, in computed time: what each would do, not threads that do it.
 *
 * When a worker is free again is kept as a number, so the most that is done in a second does not depend on the
 * timers of the machine: n workers that take s milliseconds each do 1000 n / s requests a second, while there are
 * always some to do. When workers leave, they first finish what they have.
 * Units: milliseconds since the faults were set.
 */
export class Workers {
  readonly #steps: readonly CapacityStep[];
  readonly #queue: number | undefined;
  /** When each worker is free again. */
  #freeAt: number[] = [];
  /** When each waiting request will begin, in their order. */
  #begins: number[] = [];

  constructor(steps: readonly CapacityStep[], queue: number | undefined) {
    this.#steps = steps;
    this.#queue = queue;
  }

  /** When the work of a request that arrives now begins; nothing when the queue is full. */
  admit(now: number, finish: (begin: number) => number): number | undefined {
    this.#hire(now);
    let waiting = 0;
    while (waiting < this.#begins.length && (this.#begins[waiting] as number) <= now) waiting += 1;
    if (waiting > 0) this.#begins = this.#begins.slice(waiting);
    const workers = this.#freeAt.length;
    let next = 0;
    for (let worker = 1; worker < workers; worker += 1) {
      if ((this.#freeAt[worker] as number) < (this.#freeAt[next] as number)) next = worker;
    }
    const begin = Math.max(now, this.#freeAt[next] ?? Number.POSITIVE_INFINITY);
    const room = this.#queue ?? QUEUED_A_WORKER * workers;
    if (begin > now && this.#begins.length >= room) return undefined;
    if (workers === 0) return undefined;
    const end = finish(begin);
    this.#freeAt[next] = end;
    if (begin > now) this.#begins.push(begin);
    return end;
  }

  #hire(now: number): void {
    const wanted = this.#steps.findLast(({ fromMs }) => fromMs <= now)?.workers ?? 0;
    if (wanted === this.#freeAt.length) return;
    this.#freeAt.sort((a, b) => a - b);
    this.#freeAt = this.#freeAt.slice(0, wanted);
    while (this.#freeAt.length < wanted) this.#freeAt.push(now);
  }
}
