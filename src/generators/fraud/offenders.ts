import { exp } from '../numbers/exact-math.ts';
import type { Random } from '../numbers/random.ts';
import type { Actor, Agenda } from '../simulation/agenda.ts';
import type { Draft } from '../simulation/draft.ts';
import type { Crime, Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const DAY_MS = 86_400_000;
/** When a fraud becomes known: lognormal, median 7 days. Source: constants of this model. */
const REPORT_MEDIAN_MS = 7 * DAY_MS;
const REPORT_SIGMA = 1;
/** A chargeback comes with the next statements: 10 to 60 days. */
const CHARGEBACK_DAYS = [10, 60] as const;

/** Everybody in a shard who commits one kind of fraud: begins campaigns, at random instants. */
export class Offenders implements Actor {
  readonly #kind: number;
  readonly #means: Pick<Crime, 'scene' | 'cards' | 'random' | 'numbers'>;
  readonly #meanGapMs: number;
  #campaign: number;
  readonly #campaignStep: number;

  /** `perMs`: fraudulent transactions a millisecond. Campaigns are numbered from the first, in steps. */
  constructor(
    kind: number,
    means: Pick<Crime, 'scene' | 'cards' | 'random' | 'numbers'>,
    perMs: number,
    [firstCampaign, campaignStep]: readonly [number, number],
  ) {
    this.#kind = kind;
    this.#means = means;
    this.#meanGapMs = (scenarios[kind]?.meanMarked(means.numbers) ?? 1) / perMs;
    this.#campaign = firstCampaign;
    this.#campaignStep = campaignStep;
  }

  /** When the first campaign begins that may still be under way at an instant. */
  first(atMs: number): number {
    return this.#next(atMs - (scenarios[this.#kind]?.leadMs ?? 0));
  }

  #next(afterMs: number): number {
    return afterMs + this.#means.random.exponential() * this.#meanGapMs;
  }

  act(draft: Draft, atMs: number, agenda: Agenda): number {
    const scenario = scenarios[this.#kind] as Scenario;
    const campaign = this.#campaign;
    this.#campaign += this.#campaignStep;
    const truth = new Truth(this.#kind, campaign, this.#means.random);
    const begun = scenario.begin({
      ...this.#means,
      campaign,
      startAt: atMs,
      mark: (actor) => truth.beside(actor),
    });
    agenda.add(begun, begun.act(draft, atMs, agenda));
    return this.#next(atMs);
  }
}

/** What is true of a campaign. */
class Truth {
  readonly #kind: number;
  readonly #campaign: number;
  readonly #random: Random;

  constructor(kind: number, campaign: number, random: Random) {
    this.#kind = kind;
    this.#campaign = campaign;
    this.#random = random;
  }

  /** The actor, with the truth beside all it does. */
  beside(actor: Actor): Actor {
    return {
      act: (draft, atMs, agenda) => {
        const nextAtMs = actor.act(draft, atMs, agenda);
        draft.scenario = this.#kind + 1;
        draft.campaign = this.#campaign;
        draft.reportedAtMs = draft.atMs + Math.floor(this.#delayMs());
        return nextAtMs;
      },
    };
  }

  #delayMs(): number {
    if (!scenarios[this.#kind]?.isReportedByChargeback) {
      return REPORT_MEDIAN_MS * exp(REPORT_SIGMA * this.#random.normal());
    }
    const [least, most] = CHARGEBACK_DAYS;
    return DAY_MS * (least + (most - least) * this.#random.unit());
  }
}
