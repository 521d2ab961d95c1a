import type { Random } from '../numbers/random.ts';
import type { Actor, Agenda } from '../simulation/agenda.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Crime, Numbers } from './scenario.ts';

/** What is done each time; `left` times are still to come after it. */
export type Deed = (draft: Draft, atMs: number, left: number, agenda: Agenda) => void;

/** Somebody who does the same a number of times, with exponential waits between. */
export function spree(times: number, meanGapMs: number, random: Random, deed: Deed): Actor {
  let left = times;
  return {
    act(draft, atMs, agenda) {
      left -= 1;
      deed(draft, atMs, left, agenda);
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
