import type { Random } from '../numbers/random.ts';
import { channels, response } from '../simulation/codes.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Habits } from './habits.ts';

/** Percent of the reasons, in the order of the list of responses. */
const REASONS = [0, 40, 29, 8, 6, 5, 4, 4, 4];

/** The issuer's answer to a genuine request. */
export function authorise(draft: Draft, { declined }: Habits, random: Random): void {
  if (random.chance(declined[channels[draft.channel] ?? 'ecom'])) decline(draft, random);
}

/** A refusal, for one of the usual reasons. */
export function decline(draft: Draft, random: Random): void {
  let left = random.below(100);
  draft.response = response.doNotHonour;
  for (let reason = 1; reason < REASONS.length; reason += 1) {
    left -= REASONS[reason] as number;
    if (left >= 0) continue;
    draft.response = reason;
    return;
  }
}
