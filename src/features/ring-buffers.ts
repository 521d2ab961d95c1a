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
 * array: an object for each would cost as much again, and the garbage collector half of the time. Keys are numbered by `KeySlots`.
 * `find`, `insert` and `upsert` leave where they have been in `numbers`, `base` and `capacity`.
 */
export class RingBuffers implements RingPosition {
  readonly width: number;
  numbers: Float64Array = NOWHERE;
  base: number = 0;
  capacity: number = 0;
  readonly #most: number;
  #slot = 0;
  /** By slot: 1 + where the ring lies, 0 for a key without one. */
  #references = new Int32Array(RINGS_PER_BLOCK);
  readonly #shelves: readonly BlockAllocator[];

  constructor(width: number, most: number) {
    this.width = width;
    this.#most = most;
    this.#shelves = Array.from(
      { length: Math.log2(most / FIRST_ROOM) + 1 },
      (_, exponent) => new BlockAllocator(HEAD + FIRST_ROOM * 2 ** exponent * width),
    );
  }

  /** Goes to the ring of a slot; to an empty one where it has none. */
  find(slot: number): void {
    this.#slot = slot;
    const reference = this.#references[slot] ?? 0;
    if (reference > 0) {
      this.#go(reference - 1);
      return;
    }
    this.numbers = NOWHERE;
    this.base = 0;
    this.capacity = 0;
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

  /** Records stored in the ring that was found. */
  get stored(): number {
    return Math.min(this.count, this.capacity);
  }

  /** The index in `numbers` of the first stored record; the oldest one where the ring has not turned. */
  get start(): number {
    return this.base + HEAD;
  }

  /** The index in `numbers` of the record that was inserted first of those stored. */
  get oldest(): number {
    const turned = this.count > this.capacity ? this.count % this.capacity : 0;
    return this.start + turned * this.width;
  }

  /** An index in `numbers` for a new record of the slot that was just looked for, its time written. */
  insert(time: number): number {
    if (this.capacity === 0) this.#open();
    else if (this.count === this.capacity && this.capacity < this.#most) this.#grow();
    const { numbers, base, count } = this;
    numbers[base] = count + 1;
    if (count === 0 || time >= (numbers[base + 1] as number)) numbers[base + 1] = time;
    else numbers[base + 2] = count + 1;
    const at = base + HEAD + (count % this.capacity) * this.width;
    numbers[at] = time;
    return at;
  }

  /** The index in `numbers` of the record with this time: a new one, all else 0, where none is stored. */
  upsert(time: number): number {
    const { numbers, base, capacity, count, width } = this;
    const stored = count < capacity ? count : capacity;
    for (let back = 1; back <= stored; back += 1) {
      const at = base + HEAD + ((count - back) % capacity) * width;
      if (numbers[at] === time) return at;
    }
    const at = this.insert(time);
    this.numbers.fill(0, at + 1, at + width);
    return at;
  }

  /** True where a slot has a ring with a record that is not older. */
  isKept(slot: number, since: number): boolean {
    this.find(slot);
    return this.capacity > 0 && this.newest >= since;
  }

  /** Forgets the ring of a slot. */
  drop(slot: number): void {
    const reference = this.#references[slot] ?? 0;
    if (reference === 0) return;
    this.#shelfOf(reference - 1).free((reference - 1) >> ROOM_BITS);
    this.#references[slot] = 0;
  }

  /** The numbers of all rings, in bytes. */
  get bytes(): number {
    return this.#shelves.reduce((sum, allocator) => sum + allocator.bytes, 0);
  }

  /** The ring of a slot, as `restore` takes it; `undefined` where it has none. */
  kept(slot: number): Float64Array | undefined {
    this.find(slot);
    if (this.capacity === 0) return undefined;
    return this.numbers.slice(this.base, this.base + HEAD + this.capacity * this.width);
  }

  restore(slot: number, ring: Float64Array): void {
    this.#slot = slot;
    this.#go(this.#reserve((ring.length - HEAD) / this.width));
    this.numbers.set(ring, this.base);
  }

  #open(): void {
    this.#go(this.#reserve(FIRST_ROOM));
    this.numbers.fill(0, this.base, this.base + HEAD);
  }

  /** Twice the capacity. The ring was full and begins at its oldest: it grows before it turns. */
  #grow(): void {
    const { numbers, base, capacity } = this;
    const old = (this.#references[this.#slot] as number) - 1;
    this.#go(this.#reserve(capacity * 2));
    const length = HEAD + capacity * this.width;
    for (let each = 0; each < length; each += 1) {
      this.numbers[this.base + each] = numbers[base + each] as number;
    }
    this.#shelfOf(old).free(old >> ROOM_BITS);
  }

  #reserve(capacity: number): number {
    const exponent = Math.log2(capacity / FIRST_ROOM);
    const reference = ((this.#shelves[exponent] as BlockAllocator).take() << ROOM_BITS) | exponent;
    if (this.#slot >= this.#references.length) this.#widen();
    this.#references[this.#slot] = reference + 1;
    return reference;
  }

  #widen(): void {
    const wider = new Int32Array(Math.max(this.#references.length * 2, this.#slot + 1));
    wider.set(this.#references);
    this.#references = wider;
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
