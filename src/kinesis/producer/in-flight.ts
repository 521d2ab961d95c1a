/** Requests under way, and who waits until there is none. */
export class InFlight {
  #count = 0;
  #wake: (() => void) | undefined;

  get count(): number {
    return this.#count;
  }

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) this.#wake?.();
  }

  /** Resolves once none is under way. */
  async none(): Promise<void> {
    if (this.#count === 0) return;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
  }
}
