import { distanceKm, speedKmh } from './country-distance.ts';
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
  merchantCountry: 7,
  presentCountry: 8,
  isDeclined: 9,
  width: 10,
} as const;

const { amount, merchant, device, network, ipCountry, mcc } = cardRecord;
const { merchantCountry, presentCountry, isDeclined } = cardRecord;

/** The features of the last transactions of the card, by name. */
export const cardFeatures: Readonly<Record<string, HistoryFeature>> = {
  card_count_10m: (history, _facts, windowMs) => history.count(windowMs),
  card_count_1h: (history, _facts, windowMs) => history.count(windowMs),
  card_count_24h: (history, _facts, windowMs) => history.count(windowMs),
  card_sum_24h: (history, { rate }, windowMs) => history.sum(windowMs, amount) / rate,
  card_declines_24h: (history, _facts, windowMs) => history.countOf(windowMs, isDeclined, 1),
  card_seconds_since_previous: (history, { time }) => {
    const previous = history.previous();
    return previous < 0 ? Number.NaN : (time - history.value(previous, 0)) / 1000;
  },
  card_merchants_24h: (history, _facts, windowMs) => history.distinct(windowMs, merchant, 0),
  card_same_mcc_1h: (history, encoded, windowMs) =>
    Number.isNaN(encoded.mcc) ? Number.NaN : history.countOf(windowMs, mcc, encoded.mcc),
  card_merchant_is_new: (history, encoded) => merchantIsNew(history, encoded),
  card_device_is_new: (history, encoded) => history.isNew(device, encoded.device),
  card_network_is_new: (history, encoded) => history.isNew(network, encoded.network),
  card_country_is_new: (history, encoded) =>
    history.isNew(merchantCountry, encoded.merchantCountry),
  card_ip_distance_km: (history, encoded) => distance(history, ipCountry, encoded.ipCountry),
  card_ip_speed_kmh: (history, encoded) =>
    speed(history, ipCountry, encoded.ipCountry, encoded.time),
  card_present_distance_km: (history, encoded) =>
    distance(history, presentCountry, encoded.presentCountry),
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
  ring[at + merchantCountry] = encoded.merchantCountry;
  ring[at + presentCountry] = encoded.presentCountry;
  ring[at + isDeclined] = Number(encoded.isDeclined);
}

/** Unlike a device, a merchant that is not known counts as another one. */
function merchantIsNew(history: KeyHistory, encoded: EncodedTransaction): number {
  if (encoded.merchant === 0 || history.size === 0) return Number.NaN;
  return history.isNew(merchant, encoded.merchant) === 0 ? 0 : 1;
}

function distance(history: KeyHistory, field: number, to: number): number {
  if (to === 0) return Number.NaN;
  const previous = history.previous(field);
  return previous < 0 ? Number.NaN : distanceKm(history.value(previous, field), to);
}

function speed(history: KeyHistory, field: number, to: number, time: number): number {
  if (to === 0) return Number.NaN;
  const previous = history.previous(field);
  if (previous < 0) return Number.NaN;
  return speedKmh(history.value(previous, field), to, time - history.value(previous, 0));
}
