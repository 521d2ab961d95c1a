const FIRST_LENGTH = 1_024;

/** Numbers in one array that grows by doubling. */
export class GrowingFloats {
  #floats = new Float64Array(FIRST_LENGTH);
  length: number = 0;

  add(value: number): void {
    if (this.length === this.#floats.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.#floats);
      this.#floats = larger;
    }
    this.#floats[this.length] = value;
    this.length += 1;
  }

  /** All of them, smallest first. */
  sorted(): Float64Array {
    return this.#floats.slice(0, this.length).sort();
  }
}
