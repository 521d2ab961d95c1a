import type { Random } from '../numbers/random.ts';
import { merchantCategories } from '../population/merchants.ts';
import { channel, entryMode, type TransactionDraft, type } from '../simulation/draft.ts';
import type { Actor, EventQueue } from '../simulation/event-queue.ts';
import type { Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard.ts';
import { setPart } from './pricing.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** A reservation that nobody collects is released after so long. Source: Visa's and Mastercard's rules, 7 days. */
export const RESERVED_MS: number = 7 * DAY_MS;

/** What shops do with what they have reserved: how often they collect it, after what wait, and how much of it. */
interface Collection {
  readonly share: number;
  readonly meanWaitMs: number;
  readonly least: number;
  readonly most: number;
}

const usual: Collection = { share: 0.9, meanWaitMs: 18 * HOUR_MS, least: 0.9, most: 1 };
const collections: Readonly<Record<string, Collection>> = {
  // The pump is done after some minutes, and has given less than the most it might.
  '5542': { share: 0.96, meanWaitMs: 6 * MINUTE_MS, least: 0.4, most: 1 },
  '7011': { share: 0.85, meanWaitMs: 2 * DAY_MS, least: 0.85, most: 1 },
};
const collectionOf = merchantCategories.map(({ mcc }) => collections[mcc] ?? usual);
const refundsOf = merchantCategories.map(({ refunds }) => refunds / 100);
/** Share of sales that is given back on average: what habits are measured against. */
const USUAL_REFUNDS = 0.012;
/** Share of refunds of the whole price; what is bought online comes back more often. */
const WHOLE = 0.72;
const ONLINE = 1.8;
const IN_SHOP = 0.8;
const MEAN_RETURN_MS = 6 * DAY_MS;

/**
 * What follows from one transaction by itself: its refund, its completion or its release.
 *
 * It is remembered until then, in some 100 bytes: what it needs of the other and no more.
 */
class FollowUp implements Actor {
  readonly #scene: Scene;
  readonly #type: number;
  readonly #original: number;
  readonly #card: number;
  readonly #merchant: number;
  /** Terminal, channel and entry mode. */
  readonly #where: number;
  readonly #reissue: number;
  readonly #amount: number;
  readonly #part: number;

  constructor(draft: TransactionDraft, kind: number, part: number, reissue: number, scene: Scene) {
    this.#scene = scene;
    this.#type = kind;
    this.#original = draft.sequence;
    this.#card = draft.card;
    this.#merchant = draft.merchant;
    this.#where = (draft.terminal * 8 + draft.channel) * 8 + draft.entryMode;
    this.#reissue = reissue;
    this.#amount = draft.amount;
    this.#part = part;
  }

  act(draft: TransactionDraft): number {
    draft.type = this.#type;
    draft.original = this.#original;
    draft.card = this.#card;
    draft.reissue = this.#reissue;
    draft.merchant = this.#merchant;
    draft.terminal = Math.floor(this.#where / 64);
    draft.channel = Math.floor(this.#where / 8) % 8;
    const read = this.#where % 8;
    // The merchant has the number now, and nobody is asked for it again.
    draft.entryMode = read === entryMode.ecom ? entryMode.onFile : read;
    setPart(draft, this.#part, this.#amount, this.#scene);
    return Number.POSITIVE_INFINITY;
  }
}

/** A refund of a purchase, whole or in part, that names it. */
export function refundOf(
  draft: TransactionDraft,
  part: number,
  cards: ShardCards,
  scene: Scene,
): Actor {
  const reissue = cards.statuses.reissues(draft.card, draft.atMs);
  return new FollowUp(draft, type.refund, part, reissue, scene);
}

/** Schedules what follows from an approved transaction of a customer, if anything does. */
export function followUp(
  draft: TransactionDraft,
  cards: ShardCards,
  eventQueue: EventQueue,
  { scene, random }: { readonly scene: Scene; readonly random: Random },
): void {
  if (draft.type === type.authOnly) collect(draft, cards, eventQueue, { scene, random });
  else if (draft.type === type.purchase) giveBack(draft, cards, eventQueue, { scene, random });
}

function giveBack(
  draft: TransactionDraft,
  cards: ShardCards,
  eventQueue: EventQueue,
  { scene, random }: { readonly scene: Scene; readonly random: Random },
): void {
  const usualShare = refundsOf[scene.merchants.category[draft.merchant] as number] as number;
  if (usualShare === 0) return;
  const where = draft.channel === channel.ecom ? ONLINE : IN_SHOP;
  if (!random.chance((usualShare * where * scene.habits.refunds) / USUAL_REFUNDS)) return;
  const part = random.chance(WHOLE) ? 1 : 0.15 + 0.7 * random.unit();
  const waitMs = HOUR_MS + random.exponential() * MEAN_RETURN_MS;
  eventQueue.add(refundOf(draft, part, cards, scene), draft.atMs + waitMs);
}

function collect(
  draft: TransactionDraft,
  cards: ShardCards,
  eventQueue: EventQueue,
  { scene, random }: { readonly scene: Scene; readonly random: Random },
): void {
  const { share, meanWaitMs, least, most } = collectionOf[
    scene.merchants.category[draft.merchant] as number
  ] as Collection;
  const waitMs = MINUTE_MS + random.exponential() * meanWaitMs;
  const isCollected = random.chance(share) && waitMs < RESERVED_MS;
  const part = isCollected ? least + (most - least) * random.unit() : 1;
  const reissue = cards.statuses.reissues(draft.card, draft.atMs);
  const kind = isCollected ? type.completion : type.reversal;
  const later = new FollowUp(draft, kind, part, reissue, scene);
  eventQueue.add(later, draft.atMs + (isCollected ? waitMs : RESERVED_MS));
}

/** Schedules the release of a reservation that is never collected. */
export function release(
  draft: TransactionDraft,
  cards: ShardCards,
  eventQueue: EventQueue,
  scene: Scene,
): void {
  const reissue = cards.statuses.reissues(draft.card, draft.atMs);
  eventQueue.add(new FollowUp(draft, type.reversal, 1, reissue, scene), draft.atMs + RESERVED_MS);
}
