/** Rings of one room that lie in one array. */
export const RINGS_PER_BLOCK = 1024;

/** Rings of one length, in blocks. */
export class Shelf {
  readonly length: number;
  readonly blocks: Float64Array[] = [];
  readonly #free: number[] = [];
  #slots = 0;

  constructor(length: number) {
    this.length = length;
  }

  take(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#slots === this.blocks.length * RINGS_PER_BLOCK) {
      this.blocks.push(new Float64Array(RINGS_PER_BLOCK * this.length));
    }
    this.#slots += 1;
    return this.#slots - 1;
  }

  free(slot: number): void {
    this.#free.push(slot);
  }

  get bytes(): number {
    return this.blocks.length * RINGS_PER_BLOCK * this.length * 8;
  }
}
