/** Values before the first record: how many were ever inserted, and the newest time. */
const HEAD = 2;
const FIRST_ROOM = 2;

/**
 * The last records of each key, as numbers; the first of a record is its time in epoch milliseconds.
 *
 * Shapes: a ring is `HEAD + room * width` numbers, its room doubling up to `most`.
 */
export class Rings {
  readonly width: number;
  readonly #most: number;
  #rings: Map<string, Float64Array>;

  constructor(width: number, most: number, rings: Map<string, Float64Array> = new Map()) {
    this.width = width;
    this.#most = most;
    this.#rings = rings;
  }

  get(key: string): Float64Array | undefined {
    return this.#rings.get(key);
  }

  /** A place for a new record of the key, its time written; the oldest gives way in a full ring. */
  insert(key: string, found: Float64Array | undefined, time: number): RingPlace {
    const ring = found === undefined ? new Float64Array(HEAD + FIRST_ROOM * this.width) : found;
    const count = ring[0] as number;
    const grown = count >= this.room(ring) && count < this.#most ? this.#grown(ring) : ring;
    if (grown !== found) this.#rings.set(key, grown);
    const at = HEAD + (count % this.room(grown)) * this.width;
    grown[0] = count + 1;
    grown[1] = Math.max(time, count === 0 ? time : (grown[1] as number));
    grown[at] = time;
    place.ring = grown;
    place.at = at;
    return place;
  }

  room(ring: Float64Array): number {
    return (ring.length - HEAD) / this.width;
  }

  /** Forgets the keys whose newest record is older. */
  forget(before: number): number {
    let count = 0;
    for (const [key, ring] of this.#rings) {
      if ((ring[1] as number) >= before) continue;
      this.#rings.delete(key);
      count += 1;
    }
    return count;
  }

  get size(): number {
    return this.#rings.size;
  }

  /** The numbers of all rings, in bytes. */
  get bytes(): number {
    let sum = 0;
    for (const ring of this.#rings.values()) sum += ring.byteLength;
    return sum;
  }

  /** All that is kept, as `restored` takes it. */
  kept(): ReadonlyMap<string, Float64Array> {
    return this.#rings;
  }

  restore(rings: Map<string, Float64Array>): void {
    this.#rings = rings;
  }

  /** Twice the room. The room was full and began at the oldest: a ring grows before it turns. */
  #grown(ring: Float64Array): Float64Array {
    const room = Math.min(this.#most, this.room(ring) * 2);
    const grown = new Float64Array(HEAD + room * this.width);
    grown.set(ring);
    return grown;
  }
}

/** Where a record stands in its ring. */
export interface RingPlace {
  ring: Float64Array;
  at: number;
}

/** One for all: it is read before the next is made. */
const place: RingPlace = { ring: new Float64Array(0), at: 0 };

/**
 * Where the records of a ring stand that lie before `before` and not before `from`, in the order of
 * their insertion; says how many. The newest inserted comes last.
 */
export function visible(
  ring: Float64Array | undefined,
  width: number,
  from: number,
  before: number,
  into: Int32Array,
): number {
  if (ring === undefined) return 0;
  const room = (ring.length - HEAD) / width;
  const count = ring[0] as number;
  const held = Math.min(count, room);
  let record = count > room ? count % room : 0;
  let found = 0;
  for (let turn = 0; turn < held; turn += 1) {
    const at = HEAD + record * width;
    const time = ring[at] as number;
    if (time >= from && time < before) {
      into[found] = at;
      found += 1;
    }
    record = record + 1 === room ? 0 : record + 1;
  }
  return found;
}
