import { hash, Random } from '../numbers/random.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import { channel, entryMode, response } from '../simulation/draft.ts';
import type { Actor } from '../simulation/event-queue.ts';
import type { Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard.ts';
import { authorise } from './authorisation.ts';
import { setUsualPrice } from './pricing.ts';
import { setTerminal, subscribedMerchant } from './shopping.ts';

const DAY_MS = 86_400_000;
const MONTH_MS = 30.4375 * DAY_MS;
/** Charges fall on the days that every month has, in the small hours. */
const DAYS = 28;
const FIRST_HOUR = 2;
const HOURS = 4;
/** A subscription is kept for two years; another card's takes its place in the list. */
const KEPT_MONTHS = 24;

/**
 * All subscriptions of a shard: each month the same card pays the same price to the same merchant.
 *
 * Nobody remembers them: the n-th charge of every month is made from a hash of n.
 */
export class Subscriptions implements Actor {
  readonly #scene: Scene;
  readonly #cards: ShardCards;
  readonly #random: Random;
  /** Begun anew for each charge. */
  readonly #own = new Random(0, 0);
  readonly #key: number;
  /** Charges a month. */
  readonly #count: number;
  #month = 0;
  #index = 0;

  /** `perMs`: charges a millisecond. */
  constructor(scene: Scene, cards: ShardCards, random: Random, perMs: number) {
    this.#scene = scene;
    this.#cards = cards;
    this.#random = random;
    this.#key = random.bits();
    this.#count = Math.floor(perMs * MONTH_MS + random.unit());
  }

  /** When the first charge at or after an instant is; `Infinity` when nobody subscribes. */
  first(fromMs: number): number {
    if (this.#count === 0) return Number.POSITIVE_INFINITY;
    const date = new Date(fromMs);
    this.#month = date.getUTCFullYear() * 12 + date.getUTCMonth();
    while (this.#at() < fromMs) this.#turn();
    return this.#at();
  }

  act(draft: TransactionDraft): number {
    const random = this.#own;
    random.restart(this.#key, hash(0, this.#index, this.#generation()));
    draft.card = this.#cards.pick(random);
    draft.merchant = subscribedMerchant(this.#scene.cards.country[draft.card] as number, {
      scene: this.#scene,
      random,
    });
    draft.channel = channel.recurring;
    draft.entryMode = entryMode.onFile;
    setTerminal(draft, this.#scene, random);
    setUsualPrice(draft, 1, this.#scene, random);
    this.#charge(draft);
    this.#turn();
    return this.#at();
  }

  /** The merchant charges the number that it stored, which may be blocked. */
  #charge(draft: TransactionDraft): void {
    const { statuses } = this.#cards;
    draft.reissue = statuses.storedReissue(draft.card, draft.atMs, this.#index);
    draft.response = statuses.answer(draft.card, draft.reissue, draft.atMs);
    if (draft.response !== response.approved) return;
    authorise(draft, this.#scene.habits, this.#scene, this.#random);
  }

  /** How often the subscription at this place has changed hands; not all of them in the same month. */
  #generation(): number {
    return Math.floor((this.#month + (this.#index % KEPT_MONTHS)) / KEPT_MONTHS);
  }

  #turn(): void {
    this.#index += 1;
    if (this.#index < this.#count) return;
    this.#index = 0;
    this.#month += 1;
  }

  #at(): number {
    const days = ((this.#index + 0.5) * DAYS) / this.#count;
    const day = Math.floor(days);
    const hour = FIRST_HOUR + (days - day) * HOURS;
    const month = Date.UTC(Math.floor(this.#month / 12), this.#month % 12);
    return month + day * DAY_MS + hour * 3_600_000;
  }
}
