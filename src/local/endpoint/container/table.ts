/** Rows of features as they were read: `values` row by row, `width` of them each. */
export interface Table {
  readonly values: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/** Makes tables of one piece of memory that grows to the largest request and is used again. */
export class TableRoom {
  #values = new Float32Array(4096);

  /** Room for at least so many values; what it held is gone. */
  ofAtLeast(count: number): Float32Array {
    if (this.#values.length < count) this.#values = new Float32Array(count);
    return this.#values;
  }
}
