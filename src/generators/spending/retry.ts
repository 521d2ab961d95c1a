import type { Random } from '../numbers/random.ts';
import type { Actor, Agenda } from '../simulation/agenda.ts';
import type { Draft } from '../simulation/draft.ts';
import { decline } from './authorisation.ts';

const LEAST_WAIT_MS = 5000;
const MEAN_WAIT_MS = 90_000;

/** A customer who tries once more: same card, same shop, same price. */
export class Retry implements Actor {
  readonly #first: Draft;
  readonly #random: Random;
  readonly #declined: number;

  private constructor(first: Draft, random: Random, declined: number) {
    this.#first = first;
    this.#random = random;
    this.#declined = declined;
  }

  /** `declined`: how likely the second try fails too. */
  static schedule(
    first: Draft,
    declined: number,
    random: Random,
    { atMs, agenda }: { readonly atMs: number; readonly agenda: Agenda },
  ): void {
    const retry = new Retry(first.copy(), random, declined);
    agenda.add(retry, atMs + LEAST_WAIT_MS + random.exponential() * MEAN_WAIT_MS);
  }

  act(draft: Draft): number {
    draft.repeat(this.#first);
    draft.response = 0;
    if (this.#random.chance(this.#declined)) decline(draft, this.#random);
    return Number.POSITIVE_INFINITY;
  }
}
