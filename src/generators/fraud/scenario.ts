import type { Random } from '../numbers/random.ts';
import type { Actor } from '../simulation/agenda.ts';
import type { Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard-cards.ts';

/**
 * What can be told about any kind of fraud.
 *
 * Units: `share` of fraudulent transactions, not of campaigns; `least` and `most` transactions of one
 * campaign; `meanGapMs` between them; `declined` share of them; `cheapest` and `dearest` factors on what
 * the customer would pay.
 */
export interface Numbers {
  readonly share: number;
  readonly least: number;
  readonly most: number;
  readonly meanGapMs: number;
  readonly declined: number;
  readonly cheapest: number;
  readonly dearest: number;
}

/** What one fraudster has at hand: the world, cards of one shard, chance, and a number of their own. */
export interface Crime {
  readonly scene: Scene;
  readonly cards: ShardCards;
  readonly random: Random;
  readonly campaign: number;
  /** How large the campaign is among its kind, from 0 to 1. */
  readonly size: number;
  readonly numbers: Numbers;
  /** When the campaign begins, epoch milliseconds. */
  readonly startAt: number;
  /** Puts the truth beside everything an actor does; what is not marked counts as genuine. */
  mark(actor: Actor): Actor;
}

/**
 * One kind of fraud.
 *
 * A campaign acts first at the instant it begins. `meanMarked`, how many of its transactions are marked on
 * average, turns the share of transactions into one of campaigns.
 */
export interface Scenario {
  readonly name: string;
  readonly numbers: Numbers;
  readonly meanMarked: (numbers: Numbers) => number;
  /** How long a campaign takes from its beginning to what is marked; 0 unless given. */
  readonly leadMs?: number;
  readonly isReportedByChargeback?: boolean;
  begin(crime: Crime): Actor;
}

/** The mean length of a campaign that does nothing but its own transactions. */
export function meanLength({ least, most }: Numbers): number {
  return (least + most) / 2;
}
