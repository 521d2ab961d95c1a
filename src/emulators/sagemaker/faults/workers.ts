/** So many workers from so many milliseconds on. */
export interface CapacityStep {
  readonly fromMs: number;
  readonly workers: number;
}

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

  /**
   * When a request that arrives now is done; nothing when the queue is full.
   *
   * `finish` says when work that begins at an instant ends.
   */
  admit(now: number, finish: (begin: number) => number): number | undefined {
    this.#hire(now);
    this.#forgetBegun(now);
    const next = this.#firstFree();
    const begin = Math.max(now, this.#freeAt[next] ?? Number.POSITIVE_INFINITY);
    if (begin > now) {
      const capacity = this.#queue ?? QUEUED_A_WORKER * this.#freeAt.length;
      if (this.#begins.length >= capacity || begin === Number.POSITIVE_INFINITY) return undefined;
      this.#begins.push(begin);
    }
    const end = finish(begin);
    this.#freeAt[next] = end;
    return end;
  }

  #forgetBegun(now: number): void {
    const waiting = this.#begins.findIndex((begin) => begin > now);
    if (waiting !== 0) this.#begins = waiting < 0 ? [] : this.#begins.slice(waiting);
  }

  #firstFree(): number {
    let first = 0;
    for (let worker = 1; worker < this.#freeAt.length; worker += 1) {
      if ((this.#freeAt[worker] as number) < (this.#freeAt[first] as number)) first = worker;
    }
    return first;
  }

  #hire(now: number): void {
    const wanted = this.#steps.findLast(({ fromMs }) => fromMs <= now)?.workers ?? 0;
    if (wanted === this.#freeAt.length) return;
    this.#freeAt.sort((a, b) => a - b);
    this.#freeAt = this.#freeAt.slice(0, wanted);
    while (this.#freeAt.length < wanted) this.#freeAt.push(now);
  }
}
