import { Mailbox } from '../stream/mailbox.ts';
import type { ScoringOutcome } from '../transactions/scoring-outcome.ts';

/**
 * Counts transactions in and out: each that was admitted leaves as one outcome.
 *
 * Ordered, an outcome waits for those that were admitted before it. Room for others comes when the
 * reader asks for the next group; what was never sent needs none while it waits for its turn, for
 * under overload that is most of it, and would keep out what could be sent.
 */
export class OutcomeLedger {
  readonly outcomes: Mailbox<readonly ScoringOutcome[]> = new Mailbox();
  readonly #capacity: number;
  readonly #early: Map<number, ScoringOutcome> | undefined;
  #admitted = 0;
  #left = 0;
  #freed = 0;
  /** Outcomes in the reader's hands whose room was given back before. */
  #freedBefore = 0;
  #isClosed = false;
  #error: unknown;
  #wake: (() => void) | undefined;

  constructor(capacity: number, isOrdered: boolean) {
    this.#capacity = capacity;
    this.#early = isOrdered ? new Map() : undefined;
  }

  get hasRoom(): boolean {
    return this.#admitted - this.#freed < this.#capacity;
  }

  /** True while an admission waits for capacity. */
  get isAwaited(): boolean {
    return this.#wake !== undefined;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get isOver(): boolean {
    return this.#isClosed && this.#left === this.#admitted;
  }

  /** The ordinal of one more transaction. */
  admit(): number {
    this.#admitted += 1;
    return this.#admitted - 1;
  }

  deliver(outcomes: readonly ScoringOutcome[]): void {
    const ready = this.#early ? this.#inOrder(outcomes, this.#early) : outcomes;
    if (ready.length > 0) this.outcomes.push(ready);
    this.#left += ready.length;
    this.#endIfOver();
  }

  /** No more are admitted; with an error the reading ends by throwing it, after the last outcome. */
  close(error?: unknown): void {
    this.#isClosed = true;
    this.#error ??= error;
    this.#endIfOver();
  }

  free(count: number): void {
    const before = Math.min(count, this.#freedBefore);
    this.#freedBefore -= before;
    this.#makeRoom(count - before);
  }

  /** Resolves at the next `free`. */
  freed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #makeRoom(count: number): void {
    this.#freed += count;
    this.#wake?.();
    this.#wake = undefined;
  }

  #inOrder(
    outcomes: readonly ScoringOutcome[],
    early: Map<number, ScoringOutcome>,
  ): readonly ScoringOutcome[] {
    for (const outcome of outcomes) early.set(outcome.ordinal, outcome);
    const unsent = outcomes.filter(isUnsent).length;
    if (unsent > 0) this.#makeRoom(unsent);
    const ready: ScoringOutcome[] = [];
    for (;;) {
      const next = early.get(this.#left + ready.length);
      if (!next) return ready;
      early.delete(next.ordinal);
      ready.push(next);
      if (isUnsent(next)) this.#freedBefore += 1;
    }
  }

  #endIfOver(): void {
    if (this.isOver) this.outcomes.end(this.#error);
  }
}

function isUnsent({ attempts }: ScoringOutcome): boolean {
  return attempts === 0;
}
