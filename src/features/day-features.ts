import {
  addToDay,
  cardDayRecord,
  dayRecord,
  sumCardDays,
  sumDays,
  type WindowSums,
} from './day-sums.ts';
import type { EncodedTransaction } from './encoded-transaction.ts';
import { featureNames, manifest } from './manifest.ts';
import type { RingBuffers } from './ring-buffers.ts';

/** From so many amounts on there is a usual one. */
const LEAST_USUAL = 3;
/** A card that always spends the same is allowed this share of it as its deviation. */
const LEAST_DEVIATION = 0.05;
const { frauds: PRIOR_FRAUDS, transactions: PRIOR_TRANSACTIONS } = manifest.risk_prior;
const WINDOWS = manifest.day_windows.length;

/** Where the features of a key stand that look at days, for each window of days. */
type WindowColumns = readonly number[];

const cardCount = columnsOf('card_count');
const cardMean = columnsOf('card_amount_mean');
const cardDeviation = columnsOf('card_amount_deviation');
const cardZ = columnsOf('card_amount_z');
const ipCount = columnsOf('ip_count');
/** The columns of the risk of a key. */
interface RiskColumns {
  readonly count: WindowColumns;
  readonly risk: WindowColumns;
}
const merchant: RiskColumns = {
  count: columnsOf('merchant_count'),
  risk: columnsOf('merchant_risk'),
};
const terminal: RiskColumns = {
  count: columnsOf('terminal_count'),
  risk: columnsOf('terminal_risk'),
};
const riskColumns = { merchant, terminal } as const;

/** The columns of all features that look at days. */
export const dayColumns: readonly number[] = [
  ...[cardCount, cardMean, cardDeviation, cardZ, ipCount],
  ...[merchant.count, merchant.risk, terminal.count, terminal.risk],
].flat();

/**
 * The features that look at the days of a key: writes them to a row, then adds the transaction to its day.
 *
 * Each works on the rings that were found last.
 */
export class DayFeatures {
  readonly #counts: WindowSums = new Float64Array(WINDOWS);
  readonly #sums: WindowSums = new Float64Array(WINDOWS);
  readonly #squares: WindowSums = new Float64Array(WINDOWS);

  card(days: RingBuffers, encoded: EncodedTransaction, out: Float32Array, offset: number): void {
    const { amount, rate, day } = encoded;
    const { count, sum, squares } = cardDayRecord;
    sumCardDays(days, day, this.#counts, this.#sums, this.#squares);
    for (let window = 0; window < WINDOWS; window += 1) {
      const n = this.#counts[window] as number;
      // 0 / 0 is NaN: nothing was seen.
      const mean = (this.#sums[window] as number) / n;
      const square = (this.#squares[window] as number) / n - mean * mean;
      const deviation = n < LEAST_USUAL ? Number.NaN : Math.sqrt(Math.max(0, square));
      const usual = Math.max(deviation, mean * LEAST_DEVIATION);
      out[offset + (cardCount[window] as number)] = n;
      out[offset + (cardMean[window] as number)] = mean / rate;
      out[offset + (cardDeviation[window] as number)] = deviation / rate;
      out[offset + (cardZ[window] as number)] = usual === 0 ? Number.NaN : (amount - mean) / usual;
    }
    const at = days.upsert(day);
    const { numbers } = days;
    numbers[at + count] = (numbers[at + count] as number) + 1;
    numbers[at + sum] = (numbers[at + sum] as number) + amount;
    numbers[at + squares] = (numbers[at + squares] as number) + amount * amount;
  }

  ip(days: RingBuffers, { day }: EncodedTransaction, out: Float32Array, offset: number): void {
    sumDays(days, dayRecord.count, day, this.#counts);
    write(this.#counts, ipCount, out, offset);
    addToDay(days, day);
  }

  /** The risk of a merchant or terminal: frauds that were reported over transactions old enough for that. */
  risk(
    key: keyof typeof riskColumns,
    { days, reports }: { readonly days: RingBuffers; readonly reports: RingBuffers },
    { day, knownDay }: EncodedTransaction,
    out: Float32Array,
    offset: number,
  ): void {
    const columns = riskColumns[key];
    sumDays(days, dayRecord.count, day, this.#counts);
    write(this.#counts, columns.count, out, offset);
    sumDays(days, dayRecord.count, knownDay, this.#counts);
    sumDays(reports, dayRecord.count, day, this.#sums);
    for (let window = 0; window < WINDOWS; window += 1) {
      const frauds = (this.#sums[window] as number) + PRIOR_FRAUDS;
      const known = (this.#counts[window] as number) + PRIOR_TRANSACTIONS;
      out[offset + (columns.risk[window] as number)] = frauds / known;
    }
    addToDay(days, day);
  }
}

function write(sums: WindowSums, columns: WindowColumns, out: Float32Array, offset: number): void {
  for (let window = 0; window < WINDOWS; window += 1) {
    out[offset + (columns[window] as number)] = sums[window] as number;
  }
}

function columnsOf(name: string): WindowColumns {
  return manifest.day_windows.map((days) => featureNames.indexOf(`${name}_${days}d`));
}
