import { FraudstreamError } from '../errors.ts';
import { ipRanges } from '../geoip/ip-ranges.ts';
import { type IpSpace, ipSpaces } from '../geoip/ip-space.ts';
import { tableSpace } from './addresses/address-space.ts';
import { type Crimes, crimesOf } from './fraud/campaigns.ts';
import { keyOf } from './numbers/random.ts';
import { cards } from './population/cards.ts';
import { countries, weightsOf } from './population/countries.ts';
import { merchants } from './population/merchants.ts';
import type { Scene } from './simulation/scene.ts';
import type { Extent } from './simulation/shards.ts';
import { yearlyCalendar } from './spending/arrival-times.ts';
import { ExchangeRates } from './spending/exchange-rates.ts';
import { type HabitSettings, habitsOf } from './spending/habits.ts';

/**
 * What a world is made from; everything has a default.
 *
 * Units: `start` epoch milliseconds of the first instant; `durationMs` of event time after which it
 * ends; `fraudRate` share of transactions from 0 to 1, ten times that of life unless given; `transactionsPerSecond` of event time, on
 * average over a year; `countries` ISO 3166-1 alpha-2 of those there are, all unless given;
 * `partition` the slice to simulate, all slices together being the whole; `ipSpace` whose addresses
 * customers have.
 */
export interface WorldSettings {
  readonly seed?: number | string;
  readonly cards?: number;
  readonly merchants?: number;
  readonly start?: number;
  readonly durationMs?: number;
  readonly fraudRate?: number;
  readonly transactionsPerSecond?: number;
  readonly countries?: readonly string[];
  readonly scenarios?: Crimes;
  readonly habits?: HabitSettings;
  readonly partition?: { readonly index: number; readonly of: number };
  readonly ipSpace?: IpSpace;
}

/** Cards, merchants, addresses and habits: all that transactions come from. */
export interface World extends Scene, Extent {
  readonly settings: Required<WorldSettings>;
}

const defaults = {
  seed: 1,
  cards: 10_000,
  merchants: 2_000,
  start: Date.UTC(2026, 0, 1),
  durationMs: Number.POSITIVE_INFINITY,
  fraudRate: 0.002,
  countries: countries.map(({ code }) => code),
  scenarios: {},
  habits: {},
  partition: { index: 0, of: 1 },
  ipSpace: 'public' as IpSpace,
};
/** Transactions of a card on a day, where nothing else is said. */
const PER_CARD_AND_DAY = 2;
/** Fewer merchants leave some category or country without any. */
const FEWEST_MERCHANTS = 100;

/**
 * Builds a world; the same one for the same settings, on every machine.
 *
 * Errors: throws `usage` for a setting that makes no world.
 */
export async function world(settings: WorldSettings = {}): Promise<World> {
  const complete = completeSettings(settings);
  const key = keyOf(String(complete.seed));
  const weights = weightsOf(complete.countries);
  const habits = habitsOf(complete.habits);
  return {
    settings: complete,
    transactionsPerSecond: complete.transactionsPerSecond,
    fraudRate: complete.fraudRate,
    partition: complete.partition,
    crimes: crimesOf(complete.scenarios),
    key,
    habits,
    startAt: complete.start,
    activeCountries: [...weights.keys()].filter((country) => (weights[country] ?? 0) > 0),
    cards: cards(complete.cards, { key, habits }, weights),
    merchants: merchants(complete.merchants, key, weights),
    rates: new ExchangeRates(key),
    addresses: tableSpace(
      ipRanges(complete.ipSpace),
      countries.map(({ code }) => code),
    ),
    calendar: yearlyCalendar(),
  };
}

/**
 * The settings with every default filled in.
 *
 * Errors: throws `usage` for a setting that makes no world.
 */
export function completeSettings(settings: WorldSettings): Required<WorldSettings> {
  const cards = settings.cards ?? defaults.cards;
  const transactionsPerSecond = (cards * PER_CARD_AND_DAY) / 86_400;
  const complete = { ...defaults, transactionsPerSecond, ...settings };
  checkSettings(complete);
  return complete;
}

/** The instant at which a world ends, epoch milliseconds. */
export function endAt({ startAt, settings }: World): number {
  return startAt + settings.durationMs;
}

function checkSettings(settings: Required<WorldSettings>): void {
  weightsOf(settings.countries);
  const { index, of } = settings.partition;
  check(isWhole(settings.cards, 1, 100_000_000), 'cards', settings.cards, '1 to 100 million');
  check(
    isWhole(settings.merchants, FEWEST_MERCHANTS, 4_000_000),
    'merchants',
    settings.merchants,
    `${FEWEST_MERCHANTS} to 4 million`,
  );
  check(isWhole(settings.start, 0, 4e12), 'start', settings.start, 'epoch milliseconds');
  check(settings.durationMs > 0, 'durationMs', settings.durationMs, 'above 0');
  check(
    settings.fraudRate >= 0 && settings.fraudRate <= 1,
    'fraudRate',
    settings.fraudRate,
    'from 0 to 1',
  );
  const rate = settings.transactionsPerSecond;
  check(rate > 0 && rate < 1e9, 'transactionsPerSecond', rate, 'above 0 and below a billion');
  check(
    isWhole(of, 1, 64) && isWhole(index, 0, of - 1),
    'partition',
    `${index}/${of}`,
    '0/1 to 63/64',
  );
  check(ipSpaces.includes(settings.ipSpace), 'ipSpace', settings.ipSpace, ipSpaces.join(' or '));
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function check(isValid: boolean, setting: string, value: unknown, range: string): void {
  if (isValid) return;
  throw new FraudstreamError('usage', `The world's ${setting} is ${value}: give ${range}.`);
}
