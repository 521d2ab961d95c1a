import { AliasTable, type Random } from '../numbers/random.ts';
import type { Cards } from '../population/cards.ts';
import { clockRegions, regionOfCity } from '../population/cities.ts';
import { CardStatuses, VIRTUAL_SHARDS } from './card-statuses.ts';
import { TransactionDraft } from './draft.ts';
import type { EventQueue } from './event-queue.ts';

/** The transactions of one virtual shard, in the order of their time. */
export class VirtualShard {
  readonly #eventQueue: EventQueue;
  readonly #statuses: CardStatuses;
  #sequence: number;
  #next = new TransactionDraft();

  /** Events before `startAt` happened before the world begins, and are left out. */
  constructor(index: number, eventQueue: EventQueue, statuses: CardStatuses, startAt: number) {
    this.#sequence = index;
    this.#eventQueue = eventQueue;
    this.#statuses = statuses;
    while (eventQueue.nextAtMs < startAt) this.#advance();
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
    do this.#advance();
    while (draft.isSkipped);
  }

  #advance(): void {
    const draft = this.#next;
    draft.reset();
    // Whole milliseconds, because that is what will be written: the order must not hang on less.
    draft.atMs = Math.floor(this.#eventQueue.nextAtMs);
    if (draft.atMs === Number.POSITIVE_INFINITY) return;
    this.#eventQueue.advance(draft);
    if (!draft.isSkipped) this.#statuses.settle(draft);
  }
}

/** The cards of one virtual shard, by the clock they live by, picked in proportion to their activity. */
export class ShardCards {
  /** The sum of their activity, which decides the shard's share of all transactions. */
  readonly activity: number;
  /** The same by region. */
  readonly activityIn: Float64Array;
  readonly statuses: CardStatuses;
  readonly #cardsIn: readonly Uint32Array[];
  readonly #tables: readonly AliasTable[];
  readonly #byRegion: AliasTable;

  constructor(cards: Cards, shard: number, key: number) {
    this.statuses = new CardStatuses(key, cards.count);
    const lists: number[][] = clockRegions.map(() => []);
    for (let card = shard; card < cards.count; card += VIRTUAL_SHARDS) {
      lists[regionOfCity[cards.city[card] as number] as number]?.push(card);
    }
    const weights = lists.map((list) => list.map((card) => cards.activity[card] as number));
    this.activityIn = Float64Array.from(weights, (list) => list.reduce((sum, one) => sum + one, 0));
    this.activity = this.activityIn.reduce((sum, one) => sum + one, 0);
    this.#cardsIn = lists.map((list) => Uint32Array.from(list));
    this.#tables = weights.map((list) => new AliasTable(list));
    this.#byRegion = new AliasTable([...this.activityIn]);
  }

  pick(random: Random): number {
    return this.pickIn(this.#byRegion.pick(random.bits()), random);
  }

  /** A card of a region that has one here. */
  pickIn(region: number, random: Random): number {
    const index = (this.#tables[region] as AliasTable).pick(random.bits());
    return (this.#cardsIn[region] as Uint32Array)[index] as number;
  }
}
