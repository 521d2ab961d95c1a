import { hash, unitOf } from '../numbers/random.ts';
import { response, type TransactionDraft } from './draft.ts';

const DAY_MS = 86_400_000;
/** A world has 64 virtual shards, whoever simulates it: shard i owns the cards with card mod 64 = i. */
export const VIRTUAL_SHARDS = 64;

/** From the block of a card until its holder uses the next one. */
const LEAST_DAYS = 3;
const MOST_DAYS = 10;
/** Merchants that charge a stored card go on with the old number for so long, if nobody tells them the new one. */
const STALE_DAYS = 90;
const NOT_TOLD = 0.45;
const SALT = 81;
const NEVER = Number.POSITIVE_INFINITY;

/** What happened to one card. Units: epoch milliseconds; `NEVER` where it has not happened. */
interface CardStatus {
  /** How many cards came before the one in use. */
  reissues: number;
  /** When its holder stopped using it, its issuer blocked it, and the next one came. */
  unusedFrom: number;
  blockedFrom: number;
  backFrom: number;
  /** When the last one was blocked, and what is answered to who still tries it. */
  lastBlockedAt: number;
  answer: number;
}

/**
 * The cards of a shard that were lost, stolen or found to be misused: blocked, and replaced some days later.
 *
 * Only these are remembered, some 100 bytes each; of the others there is a byte. Instants of questions never go back.
 */
export class CardStatuses {
  readonly #key: number;
  readonly #statuses = new Map<number, CardStatus>();
  readonly #isKnown: Uint8Array;

  constructor(key: number, cards: number) {
    this.#key = key;
    this.#isKnown = new Uint8Array(Math.ceil(cards / VIRTUAL_SHARDS));
  }

  /** How many cards came before the one that is in use. */
  reissues(card: number, atMs: number): number {
    return this.#find(card, atMs)?.reissues ?? 0;
  }

  /** True while its holder cannot use it: it is out of the holder's hands, or blocked. */
  isOut(card: number, atMs: number): boolean {
    const status = this.#find(card, atMs);
    return status !== undefined && atMs >= status.unusedFrom;
  }

  /** True if it is known to its issuer or soon will be: nobody new gets hold of such a card. */
  isCompromised(card: number, atMs: number): boolean {
    const status = this.#find(card, atMs);
    return status !== undefined && status.blockedFrom < NEVER;
  }

  /** From now on its holder does not have it. */
  lose(card: number, atMs: number): void {
    const status = this.#make(card, atMs);
    status.unusedFrom = Math.min(status.unusedFrom, atMs);
  }

  /** At an instant, now or later, it becomes known that it was lost or misused: it is blocked and replaced. */
  report(card: number, atMs: number, blockedFrom: number, answer: number): void {
    const status = this.#make(card, atMs);
    if (blockedFrom >= status.blockedFrom) return;
    status.blockedFrom = blockedFrom;
    status.unusedFrom = Math.min(status.unusedFrom, blockedFrom);
    const unit = unitOf(hash(this.#key ^ SALT, card, status.reissues));
    status.backFrom = blockedFrom + DAY_MS * (LEAST_DAYS + (MOST_DAYS - LEAST_DAYS) * unit);
    status.answer = answer;
  }

  /** What the issuer says to who uses a card of a number: 0 where nothing stands against it. */
  answer(card: number, reissue: number, atMs: number): number {
    const status = this.#find(card, atMs);
    if (!status) return response.approved;
    return reissue < status.reissues || atMs >= status.blockedFrom
      ? status.answer
      : response.approved;
  }

  /** The number that a merchant which stored the card charges: the old one until somebody tells the new. */
  storedReissue(card: number, atMs: number, subscription: number): number {
    const status = this.#find(card, atMs);
    if (!status) return 0;
    const { reissues, lastBlockedAt } = status;
    const isStale = reissues > 0 && atMs < lastBlockedAt + STALE_DAYS * DAY_MS;
    const isUntold = unitOf(hash(this.#key ^ SALT, card, subscription)) < NOT_TOLD;
    return isStale && isUntold ? reissues - 1 : reissues;
  }

  /**
   * Holds a transaction against what is known of its card: it has the number in use unless it says another, a
   * misuse of a blocked card is refused, and its holder does not use it.
   */
  settle(draft: TransactionDraft): void {
    const { card, atMs } = draft;
    const status = this.#find(card, atMs);
    if (draft.reissue < 0) draft.reissue = status?.reissues ?? 0;
    if (status === undefined || draft.stranger !== 0) return;
    // What follows from another transaction is between merchant and issuer.
    if (draft.original >= 0) return;
    const answer = this.answer(card, draft.reissue, atMs);
    const isRefused = answer !== response.approved;
    if (draft.scenario > 0) {
      if (isRefused) draft.response = answer;
      return;
    }
    // A merchant that stored the card charges a blocked one, and knows the answer already.
    const isKnown = isRefused && draft.response === answer;
    if (atMs >= status.unusedFrom && !isKnown) draft.isSkipped = true;
  }

  #find(card: number, atMs: number): CardStatus | undefined {
    if (this.#isKnown[Math.floor(card / VIRTUAL_SHARDS)] === 0) return undefined;
    const status = this.#statuses.get(card);
    if (status && atMs >= status.backFrom) replace(status);
    return status;
  }

  #make(card: number, atMs: number): CardStatus {
    const known = this.#find(card, atMs);
    if (known) return known;
    const made = {
      reissues: 0,
      unusedFrom: NEVER,
      blockedFrom: NEVER,
      backFrom: NEVER,
      lastBlockedAt: NEVER,
      answer: response.stolen,
    };
    this.#isKnown[Math.floor(card / VIRTUAL_SHARDS)] = 1;
    this.#statuses.set(card, made);
    return made;
  }
}

function replace(status: CardStatus): void {
  status.reissues += 1;
  status.lastBlockedAt = status.blockedFrom;
  status.unusedFrom = NEVER;
  status.blockedFrom = NEVER;
  status.backFrom = NEVER;
}
