import type { Random } from '../numbers/random.ts';
import type { Actor, Agenda } from '../simulation/agenda.ts';
import type { Draft } from '../simulation/draft.ts';
import { decline } from './authorisation.ts';

const MEAN_WAIT_MS = 90_000;
/** Share of second tries that are declined like the first. */
const DECLINED_AGAIN = 0.45;

/** A declined customer who tries once more: same card, same shop, same price. */
export class Retry implements Actor {
  readonly #first: Draft;
  readonly #random: Random;

  private constructor(first: Draft, random: Random) {
    this.#first = first;
    this.#random = random;
  }

  static schedule(declined: Draft, random: Random, atMs: number, agenda: Agenda): void {
    const retry = new Retry(declined.copy(), random);
    agenda.add(retry, atMs + 5000 + random.exponential() * MEAN_WAIT_MS);
  }

  act(draft: Draft): number {
    draft.repeat(this.#first);
    draft.response = 0;
    if (this.#random.chance(DECLINED_AGAIN)) decline(draft, this.#random);
    return Number.POSITIVE_INFINITY;
  }
}
