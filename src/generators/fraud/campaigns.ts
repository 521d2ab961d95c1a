import { FraudstreamError } from '../../errors.ts';
import { exp } from '../numbers/exact-math.ts';
import { hash, type Random, unitOf } from '../numbers/random.ts';
import type { CardStatuses } from '../simulation/card-statuses.ts';
import { response, type TransactionDraft } from '../simulation/draft.ts';
import type { Actor, EventQueue } from '../simulation/event-queue.ts';
import type { BusyTime } from '../spending/arrival-times.ts';
import type { Crime, Numbers, Scenario } from './scenario.ts';
import { scenarios } from './scenarios.ts';

const DAY_MS = 86_400_000;
/** When a fraud becomes known: lognormal, median 7 days. Source: constants of this model. */
const REPORT_MEDIAN_MS = 7 * DAY_MS;
const REPORT_SIGMA = 1;
/** A chargeback comes with the next statements: 10 to 60 days. */
const CHARGEBACK_DAYS = [10, 60] as const;

const BEGIN_SALT = 61;
const GOLDEN = 0.6180339887498949;

/** What those who commit one kind of fraud in a shard have in common. */
type Dependencies = Pick<Crime, 'scene' | 'cards' | 'random' | 'numbers'>;

/** Which shard of how many. */
export interface ShardOfAll {
  readonly shard: number;
  readonly of: number;
}

/**
 * Everybody in a shard who commits one kind of fraud.
 *
 * The campaigns of the whole world are numbered; the n-th begins somewhere in the n-th of equal spans
 * of busy time, in a shard that is drawn without replacement for each `of` campaigns. So the share of fraud is
 * what was asked for, where independent beginnings would leave it to chance: testers come by the fifty.
 */
export class FraudCampaigns implements Actor {
  readonly #kind: number;
  readonly #dependencies: Dependencies;
  readonly #spanDays: number;
  readonly #busyTime: BusyTime;
  readonly #shardOfAll: ShardOfAll;
  readonly #originAt: number;
  /** How often every shard has had a campaign of this kind. */
  #round = 0;

  /** `perMs`: fraudulent transactions a millisecond in the whole world; `busyTime` from before them all. */
  constructor(
    kind: number,
    dependencies: Dependencies,
    perMs: number,
    shardOfAll: ShardOfAll,
    busyTime: BusyTime,
  ) {
    const { meanMarked, leadMs = 0 } = scenarios[kind] as Scenario;
    this.#kind = kind;
    this.#dependencies = dependencies;
    this.#spanDays = meanMarked(dependencies.numbers) / perMs / DAY_MS;
    this.#busyTime = busyTime;
    this.#shardOfAll = shardOfAll;
    this.#originAt = dependencies.scene.startAt - leadMs;
  }

  /** When the next campaign begins: at first, the first that may still be under way when the world starts. */
  next(): number {
    const number = this.#number();
    const spans = number + unitOf(this.#draw(number));
    return this.#busyTime.after(this.#originAt, spans * this.#spanDays);
  }

  act(draft: TransactionDraft, atMs: number, eventQueue: EventQueue): number {
    const scenario = scenarios[this.#kind] as Scenario;
    const number = this.#number();
    const campaign = number * scenarios.length + this.#kind;
    this.#round += 1;
    const truth = new Truth(this.#kind, campaign, this.#dependencies);
    const begun = scenario.begin({
      ...this.#dependencies,
      campaign,
      // Multiples of the golden ratio are spread evenly, however many are taken.
      size: (number * GOLDEN + unitOf(this.#draw(-1))) % 1,
      startAt: atMs,
      mark: (actor) => truth.beside(actor),
    });
    eventQueue.add(begun, begun.act(draft, atMs, eventQueue));
    return this.next();
  }

  /** The number of this shard's campaign of the round: each round the shards take turns from another on. */
  #number(): number {
    const { shard, of } = this.#shardOfAll;
    const turned = Math.floor(unitOf(this.#draw(-2 - this.#round)) * of);
    return this.#round * of + ((shard + turned) % of);
  }

  #draw(of: number): number {
    return hash(this.#dependencies.scene.key ^ BEGIN_SALT, this.#kind, of);
  }
}

/** A card that is missed is blocked after so long, on average. */
const MEAN_MISSED_MS = 2 * 3_600_000;
/** All misuses of a card that are known when it is found are reported within the hour. */
const MEAN_LISTING_MS = 20 * 60_000;
/** Share of blocked cards that were reported lost; the others count as stolen. */
const LOST = 0.45;

/** A card as a campaign got hold of it, and when its holder or issuer finds out. */
interface Victim {
  readonly reissue: number;
  readonly foundAt: number;
}

/** What is true of a campaign, and what its victims do about it. */
class Truth {
  readonly #kind: number;
  readonly #campaign: number;
  readonly #random: Random;
  readonly #statuses: CardStatuses;
  readonly #victims = new Map<number, Victim>();

  constructor(kind: number, campaign: number, { random, cards }: Dependencies) {
    this.#kind = kind;
    this.#campaign = campaign;
    this.#random = random;
    this.#statuses = cards.statuses;
  }

  /** The actor, with the truth beside all it does. */
  beside(actor: Actor): Actor {
    return {
      act: (draft, atMs, eventQueue) => {
        const nextAtMs = actor.act(draft, atMs, eventQueue);
        draft.scenario = this.#kind + 1;
        draft.campaign = this.#campaign;
        const { reissue, foundAt } = this.#victims.get(draft.card) ?? this.#newVictim(draft);
        if (draft.original < 0) draft.reissue = reissue;
        // Nobody has stopped the payments of a subscription that nobody knows of.
        if (draft.response >= response.stopped) draft.response = response.doNotHonour;
        const listedMs = this.#random.exponential() * MEAN_LISTING_MS;
        draft.reportedAtMs = Math.floor(Math.max(foundAt, draft.atMs + 1) + listedMs);
        return nextAtMs;
      },
    };
  }

  /** The first misuse of a card: when it is found, the card is blocked. */
  #newVictim({ card, atMs, stranger }: TransactionDraft): Victim {
    const victim = {
      reissue: this.#statuses.reissues(card, atMs),
      foundAt: atMs + this.#delayMs(),
    };
    // A number that no card has is nobody's loss, and tells nothing of the card it was made from.
    if (stranger !== 0) return victim;
    this.#victims.set(card, victim);
    const isMissed = scenarios[this.#kind]?.isMissed === true;
    const missedMs = isMissed ? this.#random.exponential() * MEAN_MISSED_MS : victim.foundAt - atMs;
    const answer = this.#random.chance(LOST) ? response.lost : response.stolen;
    this.#statuses.report(card, atMs, atMs + missedMs, answer);
    return victim;
  }

  #delayMs(): number {
    if (!scenarios[this.#kind]?.isReportedByChargeback) {
      return REPORT_MEDIAN_MS * exp(REPORT_SIGMA * this.#random.normal());
    }
    const [least, most] = CHARGEBACK_DAYS;
    return DAY_MS * (least + (most - least) * this.#random.unit());
  }
}

/** Kinds of fraud that differ from the usual, by name. */
export type Crimes = Readonly<Record<string, Partial<Numbers>>>;

/** What each number may be. */
const ranges: Readonly<Record<keyof Numbers, readonly [least: number, most: number]>> = {
  share: [0, 1],
  least: [1, 10_000],
  most: [1, 10_000],
  meanGapMs: [1, 1e10],
  declined: [0, 1],
  cheapest: [0.01, 1000],
  dearest: [0.01, 1000],
};

/**
 * What each kind of fraud is like, in the order of the list of scenarios.
 *
 * Kinds whose share is given have it; the others divide the rest among them as they usually do.
 * Errors: throws `usage` for a name or a number that is not known or out of range.
 */
export function crimesOf(changed: Crimes): readonly Numbers[] {
  check(changed);
  const given = scenarios.map(({ name }) => changed[name]?.share);
  const taken = given.reduce<number>((sum, share) => sum + (share ?? 0), 0);
  const usual = scenarios.reduce(
    (sum, { numbers }, kind) => sum + (given[kind] === undefined ? numbers.share : 0),
    0,
  );
  if (taken > 1 + 1e-9 || (usual === 0 && taken < 1 - 1e-9)) {
    throw new FraudstreamError(
      'usage',
      `The shares of scenarios add up to ${Number(taken.toFixed(6))}: give at most 1, and 1 when all are given.`,
    );
  }
  return scenarios.map(({ name, numbers }, kind) => ({
    ...numbers,
    ...changed[name],
    share: given[kind] ?? (numbers.share / usual) * Math.max(0, 1 - taken),
  }));
}

function check(changed: Crimes): void {
  for (const [name, numbers] of Object.entries(changed)) {
    const usual = scenarios.find((scenario) => scenario.name === name)?.numbers;
    if (!usual) {
      const names = scenarios.map((scenario) => scenario.name).join(', ');
      throw new FraudstreamError('usage', `scenarios.${name} is unknown: there are ${names}.`);
    }
    for (const [field, value] of Object.entries(numbers))
      checkNumber(`${name}.${field}`, field, value);
    const { least, most, cheapest, dearest } = { ...usual, ...numbers };
    if (least > most || cheapest > dearest) {
      throw new FraudstreamError(
        'usage',
        `scenarios.${name}: least must not be above most, nor cheapest above dearest.`,
      );
    }
  }
}

function checkNumber(path: string, field: string, value: unknown): void {
  if (!Object.hasOwn(ranges, field)) {
    const names = Object.keys(ranges).join(', ');
    throw new FraudstreamError('usage', `scenarios.${path} is unknown: there are ${names}.`);
  }
  const [least, most] = ranges[field as keyof Numbers];
  const isWhole = !['least', 'most'].includes(field) || Number.isInteger(value);
  if (typeof value === 'number' && value >= least && value <= most && isWhole) return;
  throw new FraudstreamError(
    'usage',
    `scenarios.${path} is ${JSON.stringify(value)}: give a number from ${least} to ${most}.`,
  );
}
