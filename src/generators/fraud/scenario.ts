import type { Random } from '../numbers/random.ts';
import { regionOfCity } from '../population/cities.ts';
import type { TransactionDraft } from '../simulation/draft.ts';
import type { Actor, EventQueue } from '../simulation/event-queue.ts';
import type { Scene } from '../simulation/scene.ts';
import type { ShardCards } from '../simulation/shard.ts';
import { whereabouts } from '../spending/whereabouts.ts';

/**
 * Settings of any kind of fraud.
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
  /** The holder misses the card and has it blocked within hours, before anything is disputed. */
  readonly isMissed?: boolean;
  begin(crime: Crime): Actor;
}

/** The mean length of a campaign that does nothing but its own transactions. */
export function meanLength({ least, most }: Numbers): number {
  return (least + most) / 2;
}

/** Tries after which any card will do. */
const TRIES = 12;

/**
 * A card of somebody who would be paying at this time of day.
 *
 * Chosen as the calendar chooses among genuine cards, so that the hour tells nothing of the crime. Nobody new
 * gets hold of a card that is known to be misused, while there are others.
 */
export function victim({ cards, random, scene, startAt }: Crime): number {
  let card = cards.pick(random);
  for (let tries = 1; tries < TRIES; tries += 1) {
    const region = regionOfCity[scene.cards.city[card] as number] as number;
    const share = scene.calendar.share(startAt, region);
    const isAwake = random.chance(share / scene.calendar.peakShare);
    if (isAwake && !cards.statuses.isCompromised(card, startAt)) return card;
    card = cards.pick(random);
  }
  return card;
}

/** Returns a card, and the country it is in. */
export function victimAndCountry(crime: Crime): readonly [card: number, country: number] {
  const card = victim(crime);
  return [card, whereabouts(card, crime.startAt, crime.scene)];
}

/** What is done each time; `left` times are still to come after it. */
export type Deed = (
  draft: TransactionDraft,
  atMs: number,
  left: number,
  eventQueue: EventQueue,
) => void;

/** Somebody who does the same a number of times, with exponential waits between. */
export function spree(times: number, meanGapMs: number, random: Random, deed: Deed): Actor {
  let left = times;
  return {
    act(draft, atMs, eventQueue) {
      left -= 1;
      deed(draft, atMs, left, eventQueue);
      return left > 0 ? atMs + random.exponential() * meanGapMs : Number.POSITIVE_INFINITY;
    },
  };
}

/** How many transactions a campaign has. */
export function length({ numbers: { least, most }, size }: Crime): number {
  return least + Math.floor(size * (most - least + 1));
}

/** A factor on what the customer would pay. */
export function dearness({ cheapest, dearest }: Numbers, random: Random): number {
  return cheapest + (dearest - cheapest) * random.unit();
}
