import { AliasTable } from '../numbers/alias-table.ts';
import type { Random } from '../numbers/random.ts';
import type { Cards } from '../population/cards.ts';
import { VIRTUAL_SHARDS } from './shard.ts';

/** The cards of one virtual shard, picked in proportion to their activity. */
export class ShardCards {
  /** The sum of their activity, which decides the shard's share of all transactions. */
  readonly activity: number;
  readonly #shard: number;
  readonly #table: AliasTable;

  constructor(cards: Cards, shard: number) {
    const weights: number[] = [];
    for (let card = shard; card < cards.count; card += VIRTUAL_SHARDS) {
      weights.push(cards.activity[card] as number);
    }
    this.activity = weights.reduce((sum, weight) => sum + weight, 0);
    this.#shard = shard;
    this.#table = new AliasTable(weights);
  }

  pick(random: Random): number {
    return this.#table.pick(random.bits()) * VIRTUAL_SHARDS + this.#shard;
  }
}
