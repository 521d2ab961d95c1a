import { exp } from '../numbers/exact-math.ts';
import type { Random } from '../numbers/random.ts';
import type { Actor, Agenda } from '../simulation/agenda.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Crime } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const DAY_MS = 86_400_000;
/** When a fraud becomes known: lognormal, median 7 days. Source: constants of this model. */
const REPORT_MEDIAN_MS = 7 * DAY_MS;
const REPORT_SIGMA = 1;

/** Everybody in a shard who commits one kind of fraud: begins campaigns, at random instants. */
export class Offenders implements Actor {
  readonly #kind: number;
  readonly #crime: Omit<Crime, 'campaign'>;
  readonly #meanGapMs: number;
  #campaign: number;
  readonly #campaignStep: number;

  /** `perMs`: fraudulent transactions a millisecond. Campaigns are numbered from the crime's, in steps. */
  constructor(kind: number, crime: Crime, perMs: number, campaignStep: number) {
    this.#kind = kind;
    this.#crime = crime;
    this.#meanGapMs = (scenarios[kind]?.meanTransactions ?? 1) / perMs;
    this.#campaign = crime.campaign;
    this.#campaignStep = campaignStep;
  }

  next(afterMs: number): number {
    return afterMs + this.#crime.random.exponential() * this.#meanGapMs;
  }

  act(draft: Draft, atMs: number, agenda: Agenda): number {
    const campaign = this.#campaign;
    this.#campaign += this.#campaignStep;
    const plot = scenarios[this.#kind]?.begin({ ...this.#crime, campaign });
    if (plot) {
      const begun = new Campaign(plot, this.#kind + 1, campaign, this.#crime.random);
      agenda.add(begun, begun.act(draft, atMs, agenda));
    }
    return this.next(atMs);
  }
}

/** Puts the truth beside what a fraudster does. */
class Campaign implements Actor {
  readonly #plot: Actor;
  readonly #scenario: number;
  readonly #campaign: number;
  readonly #random: Random;

  constructor(plot: Actor, scenario: number, campaign: number, random: Random) {
    this.#plot = plot;
    this.#scenario = scenario;
    this.#campaign = campaign;
    this.#random = random;
  }

  act(draft: Draft, atMs: number, agenda: Agenda): number {
    const nextAtMs = this.#plot.act(draft, atMs, agenda);
    draft.scenario = this.#scenario;
    draft.campaign = this.#campaign;
    const delayMs = REPORT_MEDIAN_MS * exp(REPORT_SIGMA * this.#random.normal());
    draft.reportedAtMs = draft.atMs + Math.floor(delayMs);
    return nextAtMs;
  }
}
