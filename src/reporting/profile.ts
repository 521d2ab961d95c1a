import type { Label } from '../records/label.ts';
import type { Transaction } from '../records/transaction.ts';
import { LogHistogram } from './log-histogram.ts';
import { type CodeCount, Tally } from './tally.ts';
import { Timeline, type TimelineBin } from './timeline.ts';

/** What a profile has to be told about the world of its transactions. */
export interface ProfileMeans {
  /** An amount in minor units of its currency, in US dollars. */
  usdOf(amountMinor: number, currency: string): number;
  /** Hours that the clocks of a country are ahead of UTC. */
  utcOffsetHours(country: string): number;
}

/** Amounts of one channel, in US dollars. */
export interface AmountSummary {
  readonly channel: string;
  readonly count: number;
  readonly quantilesUsd: readonly { readonly share: number; readonly usd: number }[];
}

/** What transactions are like; every list of counts adds up to `count`, that of frauds to `frauds`. */
export interface ProfileSummary {
  readonly count: number;
  readonly frauds: number;
  readonly timeline: { readonly binMs: number; readonly bins: readonly TimelineBin[] };
  readonly types: readonly CodeCount[];
  readonly channels: readonly CodeCount[];
  readonly cardCountries: readonly CodeCount[];
  readonly merchantCountries: readonly CodeCount[];
  readonly categories: readonly CodeCount[];
  readonly currencies: readonly CodeCount[];
  readonly responses: readonly CodeCount[];
  readonly addresses: readonly CodeCount[];
  readonly scenarios: readonly CodeCount[];
  /** By the clock of the card's country, hours from midnight, days from Monday. */
  readonly localHours: readonly number[];
  readonly localDays: readonly number[];
  readonly amounts: readonly AmountSummary[];
  readonly amountBinsUsd: readonly { readonly from: number; readonly count: number }[];
}

const HOUR_MS = 3_600_000;
/** Hours from the Monday before the epoch, which was a Thursday, to the epoch. */
const EPOCH_HOUR_OF_WEEK = 72;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const BINS_PER_DECADE = 5;
/** What a field says that is null. */
const UNKNOWN = 'none';

/** Folds transactions and the truth about them into numbers, in memory that does not grow with them. */
export class Profile {
  readonly #means: ProfileMeans;
  readonly #timeline = new Timeline();
  readonly #tallies = {
    types: new Tally(),
    channels: new Tally(),
    cardCountries: new Tally(),
    merchantCountries: new Tally(),
    categories: new Tally(),
    currencies: new Tally(),
    responses: new Tally(),
    addresses: new Tally(),
    scenarios: new Tally(),
  };
  readonly #amounts = new Map<string, LogHistogram>();
  readonly #allAmounts = new LogHistogram();
  readonly #hours = new Uint32Array(24);
  readonly #days = new Uint32Array(7);
  #count = 0;

  constructor(means: ProfileMeans) {
    this.#means = means;
  }

  get count(): number {
    return this.#count;
  }

  add(transaction: Transaction, label: Label): void {
    this.#count += 1;
    const atMs = Date.parse(transaction.event_time);
    this.#timeline.add(atMs, label.is_fraud);
    this.#addLocalTime(atMs, transaction.card_country ?? '');
    this.#addAmount(transaction);
    const tallies = this.#tallies;
    tallies.types.add(transaction.type ?? UNKNOWN);
    tallies.channels.add(transaction.channel ?? UNKNOWN);
    tallies.cardCountries.add(transaction.card_country ?? UNKNOWN);
    tallies.merchantCountries.add(transaction.merchant_country ?? UNKNOWN);
    tallies.categories.add(transaction.mcc ?? UNKNOWN);
    tallies.currencies.add(transaction.currency);
    tallies.responses.add(transaction.response_code ?? UNKNOWN);
    tallies.addresses.add(familyOf(transaction.source_ip));
    if (label.is_fraud) tallies.scenarios.add(label.fraud_scenario ?? UNKNOWN);
  }

  summary(): ProfileSummary {
    const tallies = this.#tallies;
    return {
      count: this.#count,
      frauds: tallies.scenarios.total,
      timeline: { binMs: this.#timeline.binMs, bins: this.#timeline.bins() },
      types: tallies.types.summary(),
      channels: tallies.channels.summary(),
      cardCountries: tallies.cardCountries.summary(),
      merchantCountries: tallies.merchantCountries.summary(),
      categories: tallies.categories.summary(),
      currencies: tallies.currencies.summary(),
      responses: tallies.responses.summary(),
      addresses: tallies.addresses.summary(),
      scenarios: tallies.scenarios.summary(),
      localHours: [...this.#hours],
      localDays: [...this.#days],
      amounts: [...this.#amounts].map(([channel, histogram]) => amountsOf(channel, histogram)),
      amountBinsUsd: this.#allAmounts.bins(BINS_PER_DECADE),
    };
  }

  #addLocalTime(atMs: number, country: string): void {
    const hours = Math.floor(atMs / HOUR_MS + this.#means.utcOffsetHours(country));
    const hourOfWeek = (hours + EPOCH_HOUR_OF_WEEK) % 168;
    const [hour, day] = [hourOfWeek % 24, Math.floor(hourOfWeek / 24)];
    this.#hours[hour] = (this.#hours[hour] as number) + 1;
    this.#days[day] = (this.#days[day] as number) + 1;
  }

  #addAmount({ amount_minor, currency, channel }: Transaction): void {
    const usd = this.#means.usdOf(amount_minor, currency);
    const name = channel ?? UNKNOWN;
    const histogram = this.#amounts.get(name) ?? new LogHistogram();
    this.#amounts.set(name, histogram);
    histogram.add(usd);
    this.#allAmounts.add(usd);
  }
}

function amountsOf(channel: string, histogram: LogHistogram): AmountSummary {
  const quantilesUsd = QUANTILES.map((share) => ({ share, usd: histogram.quantile(share) }));
  return { channel, count: histogram.count, quantilesUsd };
}

function familyOf(address: string | null | undefined): string {
  if (!address) return UNKNOWN;
  return address.includes(':') ? 'IPv6' : 'IPv4';
}
