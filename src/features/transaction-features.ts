import type { Transaction } from '../transactions/transaction.ts';
import type { EncodedTransaction } from './encoded-transaction.ts';
import { manifest } from './manifest.ts';

/** A feature that reads the transaction alone. */
export type TransactionFeature = (encoded: EncodedTransaction) => number;

const MS_PER_MINUTE = 60_000;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 86_400_000;
const HOURS = 24;
const DAYS = 7;
/** The first of January 1970 was a Thursday: three days after Monday. */
const FIRST_WEEKDAY = 3;

/** The features without a past, by name. */
export const transactionFeatures: Readonly<Record<string, TransactionFeature>> = {
  amount_usd: ({ amount, rate }) => amount / rate,
  mcc: ({ mcc }) => mcc,
  type: coded('type'),
  channel: coded('channel'),
  entry_mode: ({ transaction: { pos_entry_mode: mode } }) => (mode ? Number(mode) : Number.NaN),
  card_present: ({ transaction: { card_present: isPresent } }) => yesOrNo(isPresent),
  three_ds: coded('three_ds'),
  avs_result: coded('avs_result'),
  cvv_result: coded('cvv_result'),
  card_type: coded('card_type'),
  account_age_days: ({ transaction: { account_age_days: days } }) => (days ?? Number.NaN) + 0,
  hour_local: (encoded) => rest(Math.floor(localMs(encoded) / MS_PER_HOUR), HOURS),
  weekday_local: (encoded) => rest(Math.floor(localMs(encoded) / MS_PER_DAY) + FIRST_WEEKDAY, DAYS),
  abroad: ({ cardCountry, merchantCountry }) => differ(cardCountry, merchantCountry),
  ip_class: ({ ipKind }) => ipKind ?? Number.NaN,
  ip_not_of_card: ({ ipCountry, cardCountry }) => differ(ipCountry, cardCountry),
  ip_not_of_merchant: ({ ipCountry, merchantCountry }) => differ(ipCountry, merchantCountry),
};

const offsetsMs: ReadonlyMap<string, number> = new Map(
  Object.entries(manifest.utc_offset_minutes).map(([code, minutes]) => [
    code,
    minutes * MS_PER_MINUTE,
  ]),
);

function coded(
  field: 'type' | 'channel' | 'three_ds' | 'avs_result' | 'cvv_result' | 'card_type',
): TransactionFeature {
  const numbers: ReadonlyMap<string, number> = new Map(
    (manifest.codes[field] ?? []).map((code, number): [string, number] => [code, number]),
  );
  const read = (transaction: Transaction): string => transaction[field] ?? '';
  return ({ transaction }) => numbers.get(read(transaction)) ?? Number.NaN;
}

function localMs({ time, transaction: { card_country: country } }: EncodedTransaction): number {
  return time + (offsetsMs.get(country ?? '') ?? Number.NaN);
}

/** What is left of a whole number: never negative, also before 1970. */
function rest(number: number, divisor: number): number {
  return number - divisor * Math.floor(number / divisor);
}

function yesOrNo(value: boolean | null | undefined): number {
  return typeof value === 'boolean' ? Number(value) : Number.NaN;
}

/** 1 where two countries differ, NaN where one is unknown. */
function differ(one: number, other: number): number {
  return one === 0 || other === 0 ? Number.NaN : Number(one !== other);
}
