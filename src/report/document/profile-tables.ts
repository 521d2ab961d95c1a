import type { CodeCount } from '../../metrics/tally.ts';
import type { ProfileSummary } from '../../metrics/transaction-profile.ts';
import { amount, count, percent, short } from '../../text/format.ts';

/**
 * One table of a profile and, where `chart` says so, the chart of its rows.
 *
 * `cells` are the texts behind the label of a row; `value` is what the chart shows of it. `at` is the
 * position of the row on a time axis, in epoch seconds.
 */
export interface ProfileTable {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly ProfileRow[];
  readonly chart?: { readonly form: 'bars' | 'lines'; readonly yLabel: string };
}

export interface ProfileRow {
  readonly label: string;
  readonly cells: readonly string[];
  readonly value: number;
  readonly at?: number;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const COUNT_HEADINGS = ['transactions', 'share'];

/** Returns the tables of a profile, in the order in which they are shown. */
export function profileTables(profile: ProfileSummary): readonly ProfileTable[] {
  return [
    overTime(profile),
    counts('Transactions by type', 'type', profile.types, profile.count),
    counts('Transactions by channel', 'channel', profile.channels, profile.count),
    amounts(profile),
    amountBins(profile),
    byNumber('Transactions by local hour', 'hour', profile.localHours, profile.count),
    byNumber('Transactions by local day', 'day', profile.localDays, profile.count, DAYS),
    counts('Transactions by country of the card', 'country', profile.cardCountries, profile.count),
    counts(
      'Transactions by country of the merchant',
      'country',
      profile.merchantCountries,
      profile.count,
    ),
    counts('Transactions by merchant category', 'MCC', profile.categories, profile.count),
    counts('Transactions by currency', 'currency', profile.currencies, profile.count),
    counts('Declined transactions by response code', 'code', declines(profile), profile.count),
    counts(
      'Transactions by family of the source address',
      'family',
      profile.addresses,
      profile.count,
    ),
    counts('Frauds by scenario', 'scenario', profile.scenarios, profile.frauds),
  ];
}

function overTime({ timeline: { binMs, bins } }: ProfileSummary): ProfileTable {
  const seconds = binMs / 1000;
  return {
    title: `Transactions per second of event time, by ${binMs / 3_600_000} h`,
    headings: ['from (UTC)', 'transactions', 'per second', 'frauds'],
    rows: bins.map(({ fromMs, count: made, marked }) => ({
      label: new Date(fromMs).toISOString().slice(0, 16),
      cells: [count(made), short(made / seconds), count(marked)],
      value: made / seconds,
      at: fromMs / 1000,
    })),
    chart: { form: 'lines', yLabel: 'transactions per second' },
  };
}

/** A row for each code that occurred. */
function counts(
  title: string,
  heading: string,
  found: readonly CodeCount[],
  total: number,
): ProfileTable {
  const rows = found.map(({ code, count: made }) => countRow(code, made, total));
  return { title, headings: [heading, ...COUNT_HEADINGS], rows, chart: COUNT_CHART };
}

function byNumber(
  title: string,
  heading: string,
  found: readonly number[],
  total: number,
  names: readonly string[] = found.map((_, index) => String(index).padStart(2, '0')),
): ProfileTable {
  const rows = found.map((made, index) => countRow(names[index] ?? '', made, total));
  return { title, headings: [heading, ...COUNT_HEADINGS], rows, chart: COUNT_CHART };
}

const COUNT_CHART = { form: 'bars', yLabel: 'transactions' } as const;

function countRow(label: string, made: number, total: number): ProfileRow {
  return { label, cells: [count(made), percent(made / total)], value: made };
}

function declines({ responses }: ProfileSummary): readonly CodeCount[] {
  return responses.filter(({ code }) => code !== '00');
}

function amounts({ amounts: channels }: ProfileSummary): ProfileTable {
  const shares = channels[0]?.quantilesUsd.map(({ share }) => percentile(share)) ?? [];
  return {
    title: 'Amounts in US dollars, by channel',
    headings: ['channel', ...shares],
    rows: channels.map(({ channel, count: made, quantilesUsd }) => ({
      label: channel,
      cells: quantilesUsd.map(({ usd }) => amount(usd)),
      value: made,
    })),
  };
}

function percentile(share: number): string {
  return share === 0.5 ? 'median' : `p${Math.round(share * 100)}`;
}

function amountBins({ amountBinsUsd, count: total }: ProfileSummary): ProfileTable {
  const rows = amountBinsUsd.map(({ from, count: made }) => countRow(amount(from), made, total));
  return {
    title: 'Amounts in US dollars, on a scale of ratios',
    headings: ['from', ...COUNT_HEADINGS],
    rows,
    chart: COUNT_CHART,
  };
}
