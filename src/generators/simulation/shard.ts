import { AliasTable, type Random } from '../numbers/random.ts';
import type { Cards } from '../population/cards.ts';
import { countries } from '../population/countries.ts';
import { TransactionDraft } from './draft.ts';
import type { EventQueue } from './event-queue.ts';

/** A world has 64 virtual shards, whoever simulates it: shard i owns the cards with card mod 64 = i. */
export const VIRTUAL_SHARDS = 64;

/** The transactions of one virtual shard, in the order of their time. */
export class VirtualShard {
  readonly #eventQueue: EventQueue;
  #sequence: number;
  #next = new TransactionDraft();

  /** Events before `startAt` happened before the world begins, and are left out. */
  constructor(index: number, eventQueue: EventQueue, startAt: number) {
    this.#sequence = index;
    this.#eventQueue = eventQueue;
    while (eventQueue.nextAtMs < startAt) eventQueue.advance(this.#next);
    this.#fill();
  }

  /** When the next transaction is; `Infinity` when there is none. */
  get nextAtMs(): number {
    return this.#next.atMs;
  }

  /** The next transaction, in exchange for a draft that is needed no more. */
  take(spare: TransactionDraft): TransactionDraft {
    const taken = this.#next;
    this.#next = spare;
    this.#fill();
    return taken;
  }

  #fill(): void {
    const draft = this.#next;
    draft.sequence = this.#sequence;
    this.#sequence += VIRTUAL_SHARDS;
    // Whole milliseconds, because that is what will be written: the order must not hang on less.
    draft.atMs = Math.floor(this.#eventQueue.nextAtMs);
    if (draft.atMs === Number.POSITIVE_INFINITY) return;
    draft.reset();
    this.#eventQueue.advance(draft);
  }
}

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
    const index = (this.#tables[country] as AliasTable).pick(random.bits());
    return (this.#cardsIn[country] as Uint32Array)[index] as number;
  }
}
