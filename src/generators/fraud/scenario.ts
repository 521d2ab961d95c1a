import type { Random } from '../numbers/random.ts';
import type { Actor } from '../simulation/agenda.ts';
import type { Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard-cards.ts';

/** What one fraudster has at hand: the world, cards of one shard, chance, and a number of their own. */
export interface Crime {
  readonly scene: Scene;
  readonly cards: ShardCards;
  readonly random: Random;
  readonly campaign: number;
}

/**
 * One kind of fraud.
 *
 * `share` is of fraudulent transactions, not of campaigns; `meanTransactions` of one campaign turns
 * the one into the other. A campaign acts first at the instant it begins.
 */
export interface Scenario {
  readonly name: string;
  readonly share: number;
  readonly meanTransactions: number;
  begin(crime: Crime): Actor;
}
