/**
 * Whether what went in came out, by id.
 *
 * `missing` were accepted but never read; `duplicates` counts every reading after the first;
 * `unknown` were read but never accepted here; `unreadable` lay outside their shard's range, where
 * a KCL reader drops them (they count as read only if another copy is readable).
 */
export interface ReconciliationSummary {
  readonly produced: number;
  readonly consumed: number;
  readonly missing: number;
  readonly duplicates: number;
  readonly unknown: number;
  readonly unreadable: number;
  readonly missingIds: readonly string[];
}

/** Missing ids named in the summary; the rest is counted only. */
const IDS_NAMED = 10;

/** Matches produced ids with consumed ones, in whichever order they are told. */
export class Reconciliation {
  readonly #readings = new Map<string, number>();
  readonly #produced = new Set<string>();
  #unreadable = 0;

  addProduced(id: string): void {
    this.#produced.add(id);
  }

  addConsumed(id: string, isInRange: boolean): void {
    if (isInRange) this.#readings.set(id, (this.#readings.get(id) ?? 0) + 1);
    else this.#unreadable += 1;
  }

  /** Distinct ids read so far. */
  get consumed(): number {
    return this.#readings.size;
  }

  /** Ids that were accepted and not read so far. */
  missing(): readonly string[] {
    return [...this.#produced].filter((id) => !this.#readings.has(id));
  }

  summary(): ReconciliationSummary {
    const missingIds = this.missing();
    let readings = 0;
    let known = 0;
    for (const [id, count] of this.#readings) {
      readings += count;
      if (this.#produced.has(id)) known += 1;
    }
    return {
      produced: this.#produced.size,
      consumed: known,
      missing: missingIds.length,
      duplicates: readings - this.#readings.size,
      unknown: this.#readings.size - known,
      unreadable: this.#unreadable,
      missingIds: missingIds.slice(0, IDS_NAMED),
    };
  }
}
