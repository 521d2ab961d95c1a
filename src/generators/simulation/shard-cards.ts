import { AliasTable } from '../numbers/alias-table.ts';
import type { Random } from '../numbers/random.ts';
import type { Cards } from '../population/cards.ts';
import { countries } from '../population/countries.ts';
import { VIRTUAL_SHARDS } from './shard.ts';

/** The cards of one virtual shard, by country, picked in proportion to their activity. */
export class ShardCards {
  /** The sum of their activity, which decides the shard's share of all transactions. */
  readonly activity: number;
  /** The same by country. */
  readonly activityIn: Float64Array;
  readonly #cardsIn: readonly Uint32Array[];
  readonly #tables: readonly AliasTable[];
  readonly #byCountry: AliasTable;

  constructor(cards: Cards, shard: number) {
    const lists: number[][] = countries.map(() => []);
    for (let card = shard; card < cards.count; card += VIRTUAL_SHARDS) {
      lists[cards.country[card] as number]?.push(card);
    }
    const weights = lists.map((list) => list.map((card) => cards.activity[card] as number));
    this.activityIn = Float64Array.from(weights, (list) => list.reduce((sum, one) => sum + one, 0));
    this.activity = this.activityIn.reduce((sum, one) => sum + one, 0);
    this.#cardsIn = lists.map((list) => Uint32Array.from(list));
    this.#tables = weights.map((list) => new AliasTable(list));
    this.#byCountry = new AliasTable([...this.activityIn]);
  }

  pick(random: Random): number {
    return this.pickIn(this.#byCountry.pick(random.bits()), random);
  }

  /** A card of a country that has one here. */
  pickIn(country: number, random: Random): number {
    const place = (this.#tables[country] as AliasTable).pick(random.bits());
    return (this.#cardsIn[country] as Uint32Array)[place] as number;
  }
}
