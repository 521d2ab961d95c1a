import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { type CodeCount, Tally } from './tally.ts';

/** Bins of each power of ten: neighbours differ by 2.3 %, which is how exact a quantile is. */
const PER_DECADE = 100;
/** From 0.001 to 10 million. */
const DECADES = 10;
const LOWEST = -3;

/** A histogram of positive amounts in bins of equal ratio: any number of them in 4 kB. */
export class LogHistogram {
  readonly #bins = new Uint32Array(PER_DECADE * DECADES);
  #count = 0;

  add(amount: number): void {
    const bin = Math.floor((Math.log10(amount) - LOWEST) * PER_DECADE);
    const index = amount > 0 ? Math.min(Math.max(bin, 0), this.#bins.length - 1) : 0;
    this.#bins[index] = (this.#bins[index] as number) + 1;
    this.#count += 1;
  }

  get count(): number {
    return this.#count;
  }

  /** The amount that a share of all does not exceed; NaN where there is none. */
  quantile(share: number): number {
    let left = share * this.#count;
    for (const [bin, count] of this.#bins.entries()) {
      left -= count;
      // The middle of the bin, on the scale of ratios.
      if (count > 0 && left <= 0) return lowerBound(bin + 0.5);
    }
    return Number.NaN;
  }

  /** Wider bins, some for each power of ten, from the first that is not empty to the last. */
  bins(perDecade: number): readonly { readonly from: number; readonly count: number }[] {
    const width = PER_DECADE / perDecade;
    const wide: { from: number; count: number }[] = [];
    for (let bin = 0; bin < this.#bins.length; bin += width) {
      const count = this.#bins.slice(bin, bin + width).reduce((sum, some) => sum + some, 0);
      wide.push({ from: lowerBound(bin), count });
    }
    const filled = wide.map(({ count }) => count > 0);
    return wide.slice(Math.max(filled.indexOf(true), 0), filled.lastIndexOf(true) + 1);
  }
}

function lowerBound(bin: number): number {
  return 10 ** (bin / PER_DECADE + LOWEST);
}

const HOUR_MS = 3_600_000;
/** More than a month of hours; then two hours become one bin, and so on. */
const MOST_BINS = 1024;

/** What happened in one span of time. */
export interface TimelineBin {
  readonly fromMs: number;
  readonly count: number;
  readonly marked: number;
}

/** Counts by hour of event time; by longer spans, each twice the last, where there are too many hours. */
export class Timeline {
  #binMs = HOUR_MS;
  #first: number | undefined;
  #counts: number[] = [];
  #marked: number[] = [];

  /** Instants come in order; `isMarked` is counted twice, as itself and among all. */
  add(atMs: number, isMarked: boolean): void {
    this.#first ??= Math.floor(atMs / HOUR_MS) * HOUR_MS;
    let bin = Math.floor((atMs - this.#first) / this.#binMs);
    while (bin >= MOST_BINS) {
      this.#widen();
      bin = Math.floor((atMs - this.#first) / this.#binMs);
    }
    this.#counts[bin] = (this.#counts[bin] ?? 0) + 1;
    if (isMarked) this.#marked[bin] = (this.#marked[bin] ?? 0) + 1;
  }

  get binMs(): number {
    return this.#binMs;
  }

  bins(): readonly TimelineBin[] {
    return Array.from(this.#counts, (count = 0, bin) => ({
      fromMs: (this.#first ?? 0) + bin * this.#binMs,
      count,
      marked: this.#marked[bin] ?? 0,
    }));
  }

  #widen(): void {
    this.#binMs *= 2;
    this.#counts = paired(this.#counts);
    this.#marked = paired(this.#marked);
  }
}

function paired(counts: readonly number[]): number[] {
  return Array.from({ length: Math.ceil(counts.length / 2) }, (_, index) => {
    return (counts[2 * index] ?? 0) + (counts[2 * index + 1] ?? 0);
  });
}

/** Exchange rates and time zones that a profile needs. */
export interface ProfileReferences {
  /** An amount in minor units of its currency, in US dollars. */
  usdOf(amountMinor: number, currency: string): number;
  /** Hours that the clocks of a country are ahead of UTC at an instant. */
  utcOffsetHours(country: string, atMs: number): number;
}

/** Amounts of one channel, in US dollars. */
export interface AmountSummary {
  readonly channel: string;
  readonly count: number;
  readonly quantilesUsd: readonly { readonly share: number; readonly usd: number }[];
}

/** Profile of transactions; every list of counts adds up to `count`, that of frauds to `frauds`. */
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
/** Hours from the Monday before the epoch, which was a Thursday, to the epoch. */
const EPOCH_HOUR_OF_WEEK = 72;
const QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95, 0.99];
const BINS_PER_DECADE = 5;
/** What a field says that is null. */
const UNKNOWN = 'none';

/** Folds transactions and the truth about them into numbers, in memory that does not grow with them. */
export class Profile {
  readonly #dependencies: ProfileReferences;
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

  constructor(dependencies: ProfileReferences) {
    this.#dependencies = dependencies;
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
    const hours = Math.floor(atMs / HOUR_MS + this.#dependencies.utcOffsetHours(country, atMs));
    const hourOfWeek = (hours + EPOCH_HOUR_OF_WEEK) % 168;
    const [hour, day] = [hourOfWeek % 24, Math.floor(hourOfWeek / 24)];
    this.#hours[hour] = (this.#hours[hour] as number) + 1;
    this.#days[day] = (this.#days[day] as number) + 1;
  }

  #addAmount({ amount_minor, currency, channel }: Transaction): void {
    const usd = this.#dependencies.usdOf(amount_minor, currency);
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
