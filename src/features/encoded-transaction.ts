import type { AddressKind, AddressTable } from '../geoip/address-table.ts';
import { parseAddress, V6 } from '../geoip/parse-address.ts';
import { instantMs } from '../transactions/instant.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { countryNumber } from './country-distance.ts';
import { dayOf } from './day-sums.ts';
import { manifest } from './manifest.ts';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * FNV-1a of 32 bits over the UTF-8 bytes of a text; 0 becomes 1, so that 0 can stand for no text.
 *
 * Source: the FNV hash of Fowler, Noll and Vo.
 */
export function fnv(text: string): number {
  let hash = OFFSET;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return fnvOfBytes(Buffer.from(text));
    hash = Math.imul(hash ^ code, PRIME);
  }
  return hash >>> 0 || 1;
}

function fnvOfBytes(bytes: Uint8Array): number {
  let hash = OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, PRIME);
  return hash >>> 0 || 1;
}

const minorPerUsd: ReadonlyMap<string, number> = new Map(Object.entries(manifest.minor_per_usd));
/** Bits of an IPv4 address that are not of its network. */
const HOST_V4 = 256;
const ROUND = 1000;

/**
 * What the features read of a transaction, as numbers. One object for all: a reader of the past is
 * handed what the current transaction is.
 *
 * Units: `time` epoch milliseconds, `amount` minor units of the billing currency, `rate` those of a
 * nominal dollar. 0 stands for an unknown identifier or country, NaN for an unknown number.
 */
export class EncodedTransaction {
  transaction: Transaction = { schema_version: 1 } as Transaction;
  time: number = Number.NaN;
  /** The beginning of its day of UTC. */
  day: number = Number.NaN;
  /** That of the last day whose frauds are known by now. */
  knownDay: number = Number.NaN;
  amount: number = 0;
  rate: number = Number.NaN;
  card: number = 0;
  merchant: number = 0;
  device: number = 0;
  network: number = 0;
  ipCountry: number = 0;
  ipKind: AddressKind | undefined;
  cardCountry: number = 0;
  merchantCountry: number = 0;
  /** The country of the merchant where the card was there, else 0. */
  presentCountry: number = 0;
  mcc: number = Number.NaN;
  bin: number = 0;
  isDeclined: boolean = false;
  isRound: boolean = false;
  isRefund: boolean = false;

  read(transaction: Transaction, addresses: AddressTable): void {
    this.transaction = transaction;
    this.time = instantMs(transaction.event_time);
    this.day = dayOf(this.time);
    this.knownDay = dayOf(this.time - manifest.label_delay_ms);
    this.#readMoney(transaction);
    this.#readParties(transaction);
    this.#readCountries(transaction);
    this.#readAddress(transaction.source_ip, addresses);
    const { response_code: answer, mcc } = transaction;
    this.isDeclined = known(answer) && answer !== '00';
    this.mcc = known(mcc) ? Number(mcc) : Number.NaN;
    this.isRefund = transaction.type === 'refund';
  }

  #readMoney(transaction: Transaction): void {
    const { billing_amount_minor: billed, billing_currency: currency } = transaction;
    const isBilled = known(billed) && known(currency);
    // The sum makes a negative zero, which JSON has, a plain one.
    this.amount = (isBilled ? billed : transaction.amount_minor) + 0;
    this.rate = minorPerUsd.get(isBilled ? currency : transaction.currency) ?? Number.NaN;
    this.isRound = transaction.amount_minor % ROUND === 0;
  }

  #readParties({ card_id, merchant_id, device_id, pan_bin }: Transaction): void {
    this.card = fnv(card_id);
    this.merchant = known(merchant_id) ? fnv(merchant_id) : 0;
    this.device = known(device_id) ? fnv(device_id) : 0;
    // With a digit before it, so that zeros in front count.
    this.bin = known(pan_bin) ? Number(`1${pan_bin}`) : 0;
  }

  #readCountries({ card_country, merchant_country, card_present }: Transaction): void {
    this.cardCountry = countryNumber(card_country);
    this.merchantCountry = countryNumber(merchant_country);
    this.presentCountry = card_present === true ? this.merchantCountry : 0;
  }

  #readAddress(address: string | null | undefined, addresses: AddressTable): void {
    const number = known(address) ? parseAddress(address) : Number.NaN;
    const owner = addresses.lookupNumber(number);
    this.ipCountry = countryNumber(owner?.country);
    this.ipKind = owner?.kind;
    if (Number.isNaN(number)) this.network = 0;
    else this.network = number < V6 ? Math.floor(number / HOST_V4) + 1 : number;
  }
}

function known<T>(value: T | null | undefined): value is T {
  return value !== null && value !== undefined;
}
