/** Rings of one capacity that lie in one array. */
export const RINGS_PER_BLOCK = 1024;

/** Rings of one length, in blocks. */
export class BlockAllocator {
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

/** Numbers before the first record: how many were ever inserted, the newest time, the last one that was late. */
const HEAD = 3;
const FIRST_ROOM = 4;
/** Rooms are powers of two; a reference has its exponent in its lowest bits. */
const ROOM_BITS = 3;
const NOWHERE = new Float64Array(HEAD);

/** Where a ring lies: `base` is the index of its head in `numbers`. */
export interface RingPosition {
  readonly numbers: Float64Array;
  readonly base: number;
  /** Records that it can store. */
  readonly capacity: number;
}

/**
 * The last records of each key, as numbers; the first of a record is its time in epoch milliseconds.
 *
 * Shapes: a ring is `HEAD + capacity * width` numbers, its capacity doubling up to `most`. Many rings of one capacity share an
 * array: an object for each would cost as much again, and the garbage collector half of the time.
 * `find` and `insert` leave where they have been in `numbers`, `base` and `capacity`.
 */
export class RingBuffers implements RingPosition {
  readonly width: number;
  numbers: Float64Array = NOWHERE;
  base: number = 0;
  capacity: number = 0;
  readonly #most: number;
  readonly #references = new Map<string, number>();
  readonly #shelves: readonly BlockAllocator[];

  constructor(width: number, most: number) {
    this.width = width;
    this.#most = most;
    this.#shelves = Array.from(
      { length: Math.log2(most / FIRST_ROOM) + 1 },
      (_, exponent) => new BlockAllocator(HEAD + FIRST_ROOM * 2 ** exponent * width),
    );
  }

  /** Goes to the ring of a key; false, and to an empty one, where it has none. */
  find(key: string): boolean {
    const reference = this.#references.get(key);
    if (reference === undefined) {
      this.numbers = NOWHERE;
      this.base = 0;
      this.capacity = 0;
      return false;
    }
    this.#go(reference);
    return true;
  }

  /** Transactions of the ring that was found, those included that gave way. */
  get count(): number {
    return this.numbers[this.base] as number;
  }

  /** The time of the newest record of the ring that was found. */
  get newest(): number {
    return this.numbers[this.base + 1] as number;
  }

  /** True where the ring that was found has a newer record. */
  isLate(time: number): boolean {
    return this.count > 0 && time < this.newest;
  }

  /** An index in `numbers` for a new record of the key that was just looked for, its time written. */
  insert(key: string, time: number): number {
    if (this.capacity === 0) this.#open(key);
    else if (this.count === this.capacity && this.capacity < this.#most) this.#grow(key);
    const { numbers, base, count } = this;
    numbers[base] = count + 1;
    if (count === 0 || time >= (numbers[base + 1] as number)) numbers[base + 1] = time;
    else numbers[base + 2] = count + 1;
    const at = base + HEAD + (count % this.capacity) * this.width;
    numbers[at] = time;
    return at;
  }

  /** Forgets the keys whose newest record is older. */
  forget(before: number): void {
    for (const [key, reference] of this.#references) {
      this.#go(reference);
      if (this.newest < before) this.#drop(key, reference);
    }
  }

  /** Forgets a key that has a ring, and goes to an empty one. */
  restart(key: string): void {
    this.#drop(key, this.#references.get(key) as number);
    this.find(key);
  }

  #drop(key: string, reference: number): void {
    this.#shelfOf(reference).free(reference >> ROOM_BITS);
    this.#references.delete(key);
  }

  get size(): number {
    return this.#references.size;
  }

  /** The numbers of all rings, in bytes. */
  get bytes(): number {
    return this.#shelves.reduce((sum, allocator) => sum + allocator.bytes, 0);
  }

  /** All rings, as `restore` takes them. */
  kept(): Map<string, Float64Array> {
    const kept = new Map<string, Float64Array>();
    for (const [key, reference] of this.#references) {
      this.#go(reference);
      const end = this.base + HEAD + this.capacity * this.width;
      kept.set(key, this.numbers.slice(this.base, end));
    }
    return kept;
  }

  restore(kept: ReadonlyMap<string, Float64Array>): void {
    for (const [key, ring] of kept) {
      const capacity = (ring.length - HEAD) / this.width;
      this.#go(this.#reserve(key, capacity));
      this.numbers.set(ring, this.base);
    }
  }

  #open(key: string): void {
    this.#go(this.#reserve(key, FIRST_ROOM));
    this.numbers.fill(0, this.base, this.base + HEAD);
  }

  /** Twice the capacity. The ring was full and begins at its oldest: it grows before it turns. */
  #grow(key: string): void {
    const { numbers, base, capacity } = this;
    const old = this.#references.get(key) as number;
    this.#go(this.#reserve(key, capacity * 2));
    const length = HEAD + capacity * this.width;
    for (let each = 0; each < length; each += 1) {
      this.numbers[this.base + each] = numbers[base + each] as number;
    }
    this.#shelfOf(old).free(old >> ROOM_BITS);
  }

  #reserve(key: string, capacity: number): number {
    const exponent = Math.log2(capacity / FIRST_ROOM);
    const reference = ((this.#shelves[exponent] as BlockAllocator).take() << ROOM_BITS) | exponent;
    this.#references.set(key, reference);
    return reference;
  }

  #go(reference: number): void {
    const slot = reference >> ROOM_BITS;
    const allocator = this.#shelfOf(reference);
    this.numbers = allocator.blocks[slot >> 10] as Float64Array;
    this.base = (slot & (RINGS_PER_BLOCK - 1)) * allocator.length;
    this.capacity = FIRST_ROOM << (reference & 7);
  }

  #shelfOf(reference: number): BlockAllocator {
    return this.#shelves[reference & 7] as BlockAllocator;
  }
}

/**
 * Where the records of a ring stand that lie before `before` and not before `from`: at the end of `into`, in the
 * order of their insertion; says how many. Looks from the newest on, and no further than it must.
 */
export function visible(
  { numbers, base, capacity }: RingPosition,
  width: number,
  from: number,
  before: number,
  into: Int32Array,
): number {
  if (capacity === 0) return 0;
  const count = numbers[base] as number;
  const stored = count < capacity ? count : capacity;
  const late = numbers[base + 2] as number;
  const isInOrder = late === 0 || count - late >= stored;
  const start = base + HEAD;
  let at = start + ((count - 1) % capacity) * width;
  let index = into.length;
  for (let turn = 0; turn < stored; turn += 1) {
    const time = numbers[at] as number;
    if (time < from && isInOrder) break;
    if (time >= from && time < before) {
      index -= 1;
      into[index] = at;
    }
    at = at === start ? start + (capacity - 1) * width : at - width;
  }
  return into.length - index;
}
