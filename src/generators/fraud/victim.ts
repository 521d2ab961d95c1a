import { whereabouts } from '../spending/whereabouts.ts';
import type { Crime } from './scenario.ts';

/** Tries after which any card will do. */
const TRIES = 8;

/**
 * A card of somebody who would be paying at this time of day.
 *
 * Chosen as the calendar chooses among genuine cards, so that the hour tells nothing of the crime.
 */
export function victim({ cards, random, scene, startAt }: Crime): number {
  let card = cards.pick(random);
  for (let tries = 1; tries < TRIES; tries += 1) {
    const share = scene.calendar.share(startAt, scene.cards.country[card] as number);
    if (random.chance(share / scene.calendar.peakShare)) return card;
    card = cards.pick(random);
  }
  return card;
}

/** A card, and the country it is in. */
export function victimAndPlace(crime: Crime): readonly [card: number, country: number] {
  const card = victim(crime);
  return [card, whereabouts(card, crime.startAt, crime.scene)];
}
