import { speedKmh } from './country-distance.ts';
import type { EncodedTransaction } from './encoded-transaction.ts';
import type { HistoryFeature, KeyHistory } from './key-history.ts';

/** The record of a transaction in the ring of its card: offsets of its numbers. */
export const cardRecord = {
  amount: 1,
  merchant: 2,
  device: 3,
  network: 4,
  ipCountry: 5,
  mcc: 6,
  presentCountry: 7,
  isDeclined: 8,
  width: 9,
} as const;

const { amount, merchant, device, network, ipCountry, mcc, presentCountry, isDeclined } =
  cardRecord;
/** From so many amounts on there is a usual one. */
const LEAST_USUAL = 3;
/** A card that always spends the same is allowed this share of it as its deviation. */
const LEAST_DEVIATION = 0.05;

/** The features of the card's past, by name. */
export const cardFeatures: Readonly<Record<string, HistoryFeature>> = {
  card_count_10m: (history, _facts, windowMs) => history.count(windowMs),
  card_count_1h: (history, _facts, windowMs) => history.count(windowMs),
  card_count_24h: (history, _facts, windowMs) => history.count(windowMs),
  card_count_7d: (history, _facts, windowMs) => history.count(windowMs),
  card_sum_24h: (history, { rate }, windowMs) => history.sum(windowMs, amount) / rate,
  card_declines_24h: (history, _facts, windowMs) => history.countOf(windowMs, isDeclined, 1),
  card_seconds_since_previous: (history, { time }) => {
    const previous = history.previous();
    return previous < 0 ? Number.NaN : (time - history.value(previous, 0)) / 1000;
  },
  card_amount_ratio: (history, encoded, windowMs) => {
    const sum = history.sum(windowMs, amount);
    return sum === 0 ? Number.NaN : (encoded.amount * history.size) / sum;
  },
  card_amount_z: (history, encoded, windowMs) => deviations(history, encoded, windowMs),
  card_merchants_24h: (history, _facts, windowMs) => history.distinct(windowMs, merchant, 0),
  card_same_mcc_1h: (history, encoded, windowMs) =>
    Number.isNaN(encoded.mcc) ? Number.NaN : history.countOf(windowMs, mcc, encoded.mcc),
  card_merchant_is_new: (history, encoded) => merchantIsNew(history, encoded),
  card_device_is_new: (history, encoded) => history.isNew(device, encoded.device),
  card_network_is_new: (history, encoded) => history.isNew(network, encoded.network),
  card_ip_speed_kmh: (history, encoded) =>
    speed(history, ipCountry, encoded.ipCountry, encoded.time),
  card_present_speed_kmh: (history, encoded) =>
    speed(history, presentCountry, encoded.presentCountry, encoded.time),
};

/** Writes the transaction into its record. */
export function writeCardRecord(ring: Float64Array, at: number, encoded: EncodedTransaction): void {
  ring[at + amount] = encoded.amount;
  ring[at + merchant] = encoded.merchant;
  ring[at + device] = encoded.device;
  ring[at + network] = encoded.network;
  ring[at + ipCountry] = encoded.ipCountry;
  ring[at + mcc] = encoded.mcc;
  ring[at + presentCountry] = encoded.presentCountry;
  ring[at + isDeclined] = Number(encoded.isDeclined);
}

function deviations(history: KeyHistory, encoded: EncodedTransaction, windowMs: number): number {
  const count = history.size;
  if (count < LEAST_USUAL) return Number.NaN;
  const mean = history.sum(windowMs, amount) / count;
  let squares = 0;
  for (let index = 0; index < count; index += 1) {
    const off = history.value(index, amount) - mean;
    squares += off * off;
  }
  const deviation = Math.max(Math.sqrt(squares / count), mean * LEAST_DEVIATION);
  return deviation === 0 ? Number.NaN : (encoded.amount - mean) / deviation;
}

/** Unlike a device, a merchant that is not known counts as another one. */
function merchantIsNew(history: KeyHistory, encoded: EncodedTransaction): number {
  if (encoded.merchant === 0 || history.size === 0) return Number.NaN;
  return history.isNew(merchant, encoded.merchant) === 0 ? 0 : 1;
}

function speed(history: KeyHistory, field: number, to: number, time: number): number {
  if (to === 0) return Number.NaN;
  const previous = history.previous(field);
  if (previous < 0) return Number.NaN;
  return speedKmh(history.value(previous, field), to, time - history.value(previous, 0));
}
