import type { Random } from '../numbers/random.ts';
import { response, type TransactionDraft } from '../simulation/draft.ts';
import type { Actor } from '../simulation/event-queue.ts';
import type { Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard.ts';

const YEAR_MS = 365.25 * 86_400_000;
/** The loss is noticed and reported after some hours. */
const MEAN_NOTICE_MS = 20 * 3_600_000;
/** Share of those who say that it was stolen. */
const STOLEN = 0.4;

/** People who lose their card, or have it stolen, without anybody using it: it is blocked and replaced. */
export class Losses implements Actor {
  readonly #cards: ShardCards;
  readonly #random: Random;
  readonly #meanGapMs: number;

  constructor({ cards: all, habits }: Scene, cards: ShardCards, random: Random) {
    this.#cards = cards;
    this.#random = random;
    const share = cards.activity / all.activity.reduce((sum, one) => sum + one, 0);
    this.#meanGapMs = YEAR_MS / (habits.lostCards * all.count * share);
  }

  next(afterMs: number): number {
    return afterMs + this.#random.exponential() * this.#meanGapMs;
  }

  act(draft: TransactionDraft, atMs: number): number {
    const [random, statuses] = [this.#random, this.#cards.statuses];
    const card = this.#cards.pick(random);
    const reportedAt = atMs + random.exponential() * MEAN_NOTICE_MS;
    const answer = random.chance(STOLEN) ? response.stolen : response.lost;
    statuses.lose(card, atMs);
    statuses.report(card, atMs, reportedAt, answer);
    draft.isSkipped = true;
    return this.next(atMs);
  }
}
