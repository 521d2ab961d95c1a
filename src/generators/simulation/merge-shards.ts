import { TransactionDraft } from './draft.ts';
import type { Scene } from './scene.ts';
import type { VirtualShard } from './shard.ts';
import { type Extent, shards } from './shards.ts';

/**
 * All shards as one, in the order of time and, at the same instant, of the shard.
 *
 * Hence which shards are simulated together changes no transaction: only who comes next to whom.
 * A tournament: the winner of each match stands at node n, its players at 2n and 2n + 1, the shards
 * at the leaves. Only the matches on the way up from the last winner are played again.
 */
export class ShardMerge {
  readonly #shards: readonly VirtualShard[];
  readonly #leaves: number;
  readonly #winners: Int32Array;
  /** When each shard's next transaction is; a leaf without a shard is never. */
  readonly #times: Float64Array;

  constructor(shards: readonly VirtualShard[]) {
    this.#shards = shards;
    let leaves = 2;
    while (leaves < shards.length) leaves *= 2;
    this.#leaves = leaves;
    this.#winners = new Int32Array(2 * this.#leaves);
    this.#times = new Float64Array(this.#leaves).fill(Number.POSITIVE_INFINITY);
    for (const [index, { nextAtMs }] of shards.entries()) this.#times[index] = nextAtMs;
    for (let index = 0; index < this.#leaves; index += 1) {
      this.#winners[this.#leaves + index] = index;
    }
    for (let node = this.#leaves - 1; node >= 1; node -= 1) this.#play(node);
  }

  /** When the next transaction is; `Infinity` when there is none. */
  get nextAtMs(): number {
    return this.#times[this.#winners[1] as number] as number;
  }

  /** The next transaction, in exchange for a draft that is needed no more. */
  take(spare: TransactionDraft): TransactionDraft {
    const index = this.#winners[1] as number;
    const shard = this.#shards[index] as VirtualShard;
    const taken = shard.take(spare);
    this.#times[index] = shard.nextAtMs;
    for (let node = (this.#leaves + index) >> 1; node >= 1; node >>= 1) this.#play(node);
    return taken;
  }

  #play(node: number): void {
    const first = this.#winners[2 * node] as number;
    const second = this.#winners[2 * node + 1] as number;
    // At the same instant the first shard wins: it stands to the left.
    const isFirst = (this.#times[first] as number) <= (this.#times[second] as number);
    this.#winners[node] = isFirst ? first : second;
  }
}

/** Until when a draft is valid: the next group, or for good. */
type DraftValidity = 'group' | 'lasting';

/** How many drafts a group has, but for the last, where nobody wants fewer. */
const GROUP_SIZE = 256;

/**
 * The transactions of a world in numbers, in groups, by event time, up to but not at `endAt`.
 *
 * A group is valid until the next one is asked for, and so are its drafts, which are used again, unless they are to be lasting. To make many and
 * then write many is a fifth faster than to change between the two each time.
 */
export function* drafts(
  world: Scene & Extent,
  endAt: number,
  groupSize: number = GROUP_SIZE,
  validity: DraftValidity = 'group',
): Generator<readonly TransactionDraft[], void, undefined> {
  const merge = new ShardMerge(shards(world));
  const group = Array.from({ length: groupSize }, () => new TransactionDraft());
  for (;;) {
    const count = fill(group, merge, endAt, validity);
    if (count === groupSize) yield group;
    else {
      if (count > 0) yield group.slice(0, count);
      return;
    }
  }
}

/** Takes the next drafts before `endAt` for a group; returns how many there were. */
function fill(
  group: TransactionDraft[],
  merge: ShardMerge,
  endAt: number,
  validity: DraftValidity,
): number {
  let count = 0;
  while (count < group.length && merge.nextAtMs < endAt) {
    const used = group[count] as TransactionDraft;
    group[count] = merge.take(validity === 'lasting' ? new TransactionDraft() : used);
    count += 1;
  }
  return count;
}
