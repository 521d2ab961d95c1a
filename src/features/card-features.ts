import { speedKmh } from './country-distance.ts';
import type { Facts } from './encoded-transaction.ts';
import type { Past, PastFeature } from './key-history.ts';

/** The record of a transaction in the ring of its card: places of its numbers. */
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
export const cardFeatures: Readonly<Record<string, PastFeature>> = {
  card_count_10m: (past, _facts, windowMs) => past.count(windowMs),
  card_count_1h: (past, _facts, windowMs) => past.count(windowMs),
  card_count_24h: (past, _facts, windowMs) => past.count(windowMs),
  card_count_7d: (past, _facts, windowMs) => past.count(windowMs),
  card_sum_24h: (past, { rate }, windowMs) => past.sum(windowMs, amount) / rate,
  card_declines_24h: (past, _facts, windowMs) => past.countOf(windowMs, isDeclined, 1),
  card_seconds_since_previous: (past, { time }) => {
    const previous = past.previous();
    return previous < 0 ? Number.NaN : (time - past.value(previous, 0)) / 1000;
  },
  card_amount_ratio: (past, facts, windowMs) => {
    const sum = past.sum(windowMs, amount);
    return sum === 0 ? Number.NaN : (facts.amount * past.size) / sum;
  },
  card_amount_z: (past, facts, windowMs) => deviations(past, facts, windowMs),
  card_merchants_24h: (past, _facts, windowMs) => past.distinct(windowMs, merchant, 0),
  card_same_mcc_1h: (past, facts, windowMs) =>
    Number.isNaN(facts.mcc) ? Number.NaN : past.countOf(windowMs, mcc, facts.mcc),
  card_merchant_is_new: (past, facts) => merchantIsNew(past, facts),
  card_device_is_new: (past, facts) => past.isNew(device, facts.device),
  card_network_is_new: (past, facts) => past.isNew(network, facts.network),
  card_ip_speed_kmh: (past, facts) => speed(past, ipCountry, facts.ipCountry, facts.time),
  card_present_speed_kmh: (past, facts) =>
    speed(past, presentCountry, facts.presentCountry, facts.time),
};

/** Writes the transaction into its place. */
export function writeCardRecord(ring: Float64Array, at: number, facts: Facts): void {
  ring[at + amount] = facts.amount;
  ring[at + merchant] = facts.merchant;
  ring[at + device] = facts.device;
  ring[at + network] = facts.network;
  ring[at + ipCountry] = facts.ipCountry;
  ring[at + mcc] = facts.mcc;
  ring[at + presentCountry] = facts.presentCountry;
  ring[at + isDeclined] = Number(facts.isDeclined);
}

function deviations(past: Past, facts: Facts, windowMs: number): number {
  const count = past.size;
  if (count < LEAST_USUAL) return Number.NaN;
  const mean = past.sum(windowMs, amount) / count;
  let squares = 0;
  for (let place = 0; place < count; place += 1) {
    const off = past.value(place, amount) - mean;
    squares += off * off;
  }
  const deviation = Math.max(Math.sqrt(squares / count), mean * LEAST_DEVIATION);
  return deviation === 0 ? Number.NaN : (facts.amount - mean) / deviation;
}

/** Unlike a device, a merchant that was never told counts as another one. */
function merchantIsNew(past: Past, facts: Facts): number {
  if (facts.merchant === 0 || past.size === 0) return Number.NaN;
  return past.isNew(merchant, facts.merchant) === 0 ? 0 : 1;
}

function speed(past: Past, field: number, to: number, time: number): number {
  if (to === 0) return Number.NaN;
  const previous = past.previous(field);
  if (previous < 0) return Number.NaN;
  return speedKmh(past.value(previous, field), to, time - past.value(previous, 0));
}
