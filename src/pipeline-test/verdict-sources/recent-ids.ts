const IDS_A_GENERATION = 250_000;

/** Knows the last 250,000 to 500,000 ids that it was asked about; memory is bounded. */
export class RecentIds {
  #young = new Set<string>();
  #old = new Set<string>();

  /** True for an id that came before. */
  hasSeen(id: string): boolean {
    if (this.#young.has(id) || this.#old.has(id)) return true;
    if (this.#young.size >= IDS_A_GENERATION) {
      this.#old = this.#young;
      this.#young = new Set();
    }
    this.#young.add(id);
    return false;
  }
}
