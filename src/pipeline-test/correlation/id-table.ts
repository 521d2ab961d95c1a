/** The 128 bits of a text, in four words. */
export type Hash = Uint32Array;

/** Source: the multipliers and the final mix of MurmurHash3_x86_128. */
const [M1, M2, M3, M4] = [597_399_067, 2_869_860_233, 951_274_213, 2_716_044_179];

/** Writes 128 bits of a text to `out`: equal texts, equal bits; others differ but for 2^-128. */
export function hash(text: string, out: Hash): void {
  let [a, b, c, d] = [1_779_033_703, 3_144_134_277, 1_013_904_242, 2_773_480_762];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    a = b ^ Math.imul(a ^ code, M1);
    b = c ^ Math.imul(b ^ code, M2);
    c = d ^ Math.imul(c ^ code, M3);
    d = a ^ Math.imul(d ^ code, M4);
  }
  a = Math.imul(c ^ (a >>> 18), M1);
  b = Math.imul(d ^ (b >>> 22), M2);
  c = Math.imul(a ^ (c >>> 17), M3);
  d = Math.imul(b ^ (d >>> 19), M4);
  out[0] = a ^ b ^ c ^ d;
  out[1] = b ^ a;
  out[2] = c ^ a;
  out[3] = d ^ a;
}

/** Parts that grow one by one: no single growth holds up the thread. */
const PARTS = 1024;
const PART_SHIFT = 22;
const FIRST_CELLS = 8;
const FULLEST = 0.75;
const CHUNK_BITS = 16;
const CHUNK = 2 ** CHUNK_BITS;
const WORDS = 4;

/** One part: cells hold a row plus one, 0 where nothing ever was. */
interface Part {
  cells: Uint32Array;
  used: number;
}

/**
 * Numbers texts from 0 in the order in which they are added, and finds them again.
 *
 * Keeps 128 bits of each, in typed arrays, with open addressing and linear probing. The oldest rows can
 * be forgotten; their cells are taken again. At most 2^32 - 2 texts.
 */
export class IdTable {
  readonly #parts: readonly Part[] = Array.from({ length: PARTS }, () => ({
    cells: new Uint32Array(FIRST_CELLS),
    used: 0,
  }));
  /** Keys by chunk of rows, four words each; undefined once forgotten. */
  readonly #keys: (Uint32Array | undefined)[] = [];
  readonly #hash: Hash = new Uint32Array(WORDS);
  #first = 0;
  #next = 0;

  /** Rows that were ever added. */
  get length(): number {
    return this.#next;
  }

  /** The row of a text; -1 where it is not known. */
  find(text: string): number {
    hash(text, this.#hash);
    return this.#lookUp();
  }

  /** The row of a text, added as the last one where it is not known: then the length has grown. */
  findOrAdd(text: string): number {
    hash(text, this.#hash);
    const known = this.#lookUp();
    return known >= 0 ? known : this.#add();
  }

  /** Forgets all rows before this one. */
  forgetBefore(row: number): void {
    for (let chunk = this.#first >>> CHUNK_BITS; chunk < row >>> CHUNK_BITS; chunk += 1) {
      this.#keys[chunk] = undefined;
    }
    this.#first = Math.max(this.#first, row);
  }

  #partOf(word: number): Part {
    return this.#parts[word >>> PART_SHIFT] as Part;
  }

  #lookUp(): number {
    const { cells } = this.#partOf(this.#hash[0] as number);
    const mask = cells.length - 1;
    for (let at = (this.#hash[1] as number) & mask; ; at = (at + 1) & mask) {
      const cell = cells[at] as number;
      if (cell === 0) return -1;
      const row = cell - 1;
      if (row >= this.#first && this.#isAt(row)) return row;
    }
  }

  #isAt(row: number): boolean {
    const keys = this.#keys[row >>> CHUNK_BITS] as Uint32Array;
    const at = (row & (CHUNK - 1)) * WORDS;
    const sought = this.#hash;
    return (
      keys[at] === sought[0] &&
      keys[at + 1] === sought[1] &&
      keys[at + 2] === sought[2] &&
      keys[at + 3] === sought[3]
    );
  }

  #add(): number {
    const row = this.#next;
    this.#next += 1;
    this.#keys[row >>> CHUNK_BITS] ??= new Uint32Array(CHUNK * WORDS);
    (this.#keys[row >>> CHUNK_BITS] as Uint32Array).set(this.#hash, (row & (CHUNK - 1)) * WORDS);
    const part = this.#partOf(this.#hash[0] as number);
    if (part.used + 1 > part.cells.length * FULLEST) this.#grow(part);
    insertRow(part, row, this.#hash[1] as number);
    return row;
  }

  /** Makes a part large enough for twice its rows; forgotten rows go. */
  #grow(part: Part): void {
    const living = part.cells.filter((cell) => cell > this.#first);
    let size = FIRST_CELLS;
    while (size * FULLEST < 1.5 * (living.length + 1)) size *= 2;
    part.cells = new Uint32Array(size);
    part.used = 0;
    for (const cell of living) {
      const row = cell - 1;
      const keys = this.#keys[row >>> CHUNK_BITS] as Uint32Array;
      insertRow(part, row, keys[(row & (CHUNK - 1)) * WORDS + 1] as number);
    }
  }
}

function insertRow(part: Part, row: number, word: number): void {
  const { cells } = part;
  const mask = cells.length - 1;
  let at = word & mask;
  while (cells[at] !== 0) at = (at + 1) & mask;
  cells[at] = row + 1;
  part.used += 1;
}
