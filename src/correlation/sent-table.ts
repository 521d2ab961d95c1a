import { CHUNK, type Chunk, emptyChunk } from './chunk.ts';
import { KeyTable } from './key-table.ts';

/** The transactions that were sent, a row each in the order of sending; the oldest can be forgotten. */
export class SentTable {
  readonly #ids = new KeyTable();
  readonly #chunks: (Chunk | undefined)[] = [];
  #oldest = 0;
  #rows = 0;

  /** The first row that is remembered. */
  get oldest(): number {
    return this.#oldest;
  }

  /** One more than the last row. */
  get end(): number {
    return this.#rows;
  }

  /** The row of an id; -1 where it was not sent, or has been forgotten. */
  find(id: string): number {
    return this.#ids.find(id);
  }

  /** The row of an id that is sent now; `isNew` unless it was sent before. */
  add(id: string): { readonly row: number; readonly isNew: boolean } {
    const row = this.#ids.findOrAdd(id);
    if (row < this.#rows) return { row, isNew: false };
    this.#rows += 1;
    if (row % CHUNK === 0) this.#chunks[row / CHUNK] = emptyChunk();
    this.#keep(row, id);
    return { row, isNew: true };
  }

  /** The columns that hold a row, at the place `row % CHUNK`. */
  chunkOf(row: number): Chunk {
    return this.#chunks[Math.floor(row / CHUNK)] as Chunk;
  }

  flagsOf(row: number): number {
    return this.chunkOf(row).flags[row % CHUNK] as number;
  }

  set(row: number, bits: number): void {
    const { flags } = this.chunkOf(row);
    flags[row % CHUNK] = (flags[row % CHUNK] as number) | bits;
  }

  clear(row: number, bits: number): void {
    const { flags } = this.chunkOf(row);
    flags[row % CHUNK] = (flags[row % CHUNK] as number) & ~bits;
  }

  idOf(row: number): string {
    const { ids, idEnd } = this.chunkOf(row);
    const at = row % CHUNK;
    return ids.toString('utf8', at === 0 ? 0 : idEnd[at - 1], idEnd[at]);
  }

  /** Visits the rows from one on that were due before an instant; gives the first one that was not. */
  visit(from: number, before: number, visited: (row: number) => void): number {
    let row = from;
    while (row < this.#rows && (this.chunkOf(row).dueAt[row % CHUNK] as number) < before) {
      visited(row);
      row += 1;
    }
    return row;
  }

  /** Forgets all rows before this one. */
  forgetBefore(row: number): void {
    const from = Math.floor(this.#oldest / CHUNK);
    for (let chunk = from; chunk < Math.floor(row / CHUNK); chunk += 1) {
      this.#chunks[chunk] = undefined;
    }
    this.#ids.forgetBefore(row);
    this.#oldest = row;
  }

  #keep(row: number, id: string): void {
    const chunk = this.chunkOf(row);
    const at = row % CHUNK;
    const from = at === 0 ? 0 : (chunk.idEnd[at - 1] as number);
    // A character takes at most three bytes.
    const longest = from + 3 * id.length;
    if (longest > chunk.ids.length) chunk.ids = Buffer.concat([chunk.ids], longest + CHUNK);
    chunk.idEnd[at] = from + chunk.ids.write(id, from, 'utf8');
  }
}
