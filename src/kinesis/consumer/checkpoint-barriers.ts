/** Records between two cuts, in the order in which they came. */
interface Epoch<Cut> {
  readonly firstOrdinal: number;
  pending: number;
  /** Where the epoch ended; absent while it is the current one. */
  barrier: Cut | undefined;
}

/**
 * Checkpoint barriers in a stream of records: a state is complete once all records before it are done.
 *
 * Records are admitted in order and acknowledged later, in any order. A barrier carries a state taken
 * between two records, such as positions and features: after a crash the work resumes there, and
 * nothing before it is missing. Source: Flink's checkpoints, for the case of one process.
 */
export class CheckpointBarriers<Cut> {
  #epochs: Epoch<Cut>[] = [{ firstOrdinal: 0, pending: 0, barrier: undefined }];
  #first = 0;
  #admitted = 0;

  /** One more record has come; says in which epoch. */
  admit(): number {
    this.#admitted += 1;
    return this.owe(this.#first + this.#epochs.length - 1);
  }

  /** One more thing of an epoch must be done before its cut. */
  owe(epoch: number): number {
    const found = this.#epochs[epoch - this.#first];
    if (found) found.pending += 1;
    return epoch;
  }

  /** So many things of an epoch are done. */
  done(epoch: number, count = 1): void {
    const found = this.#epochs[epoch - this.#first];
    if (found) found.pending -= count;
  }

  /** The epoch of the record that came so many records after the first. */
  epochOf(ordinal: number): number {
    let index = this.#epochs.length - 1;
    while (index > 0 && (this.#epochs[index]?.firstOrdinal ?? 0) > ordinal) index -= 1;
    return this.#first + index;
  }

  /** Ends the current epoch here. */
  barrier(barrier: Cut): void {
    const current = this.#epochs.at(-1);
    if (current) current.barrier = barrier;
    this.#epochs.push({ firstOrdinal: this.#admitted, pending: 0, barrier: undefined });
  }

  /** True while a cut waits for what came before it. */
  get isWaiting(): boolean {
    return this.#epochs.length > 1;
  }

  /** The latest cut before which everything is done; each is given once. */
  take(): Cut | undefined {
    let barrier: Cut | undefined;
    for (;;) {
      const [oldest] = this.#epochs;
      if (!oldest?.barrier || oldest.pending > 0) return barrier;
      barrier = oldest.barrier;
      this.#epochs.shift();
      this.#first += 1;
    }
  }
}
