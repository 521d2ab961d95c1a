import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { currencies } from '../transactions/currency.ts';
import type { Label } from '../transactions/label.ts';
import type { Transaction } from '../transactions/transaction.ts';
import { cities } from './population/cities.ts';
import { type Country, countries } from './population/countries.ts';
import { merchantCategories } from './population/merchants.ts';
import { HOURS } from './spending/arrival-times.ts';
import { transactions } from './transactions.ts';
import { world } from './world.ts';

/**
 * What people from card payments look at first, over a million transactions. Published figures and their
 * sources stand in docs/world.md beside what was found.
 */
const COUNT = 1_000_000;
const DAY_MS = 86_400_000;

/** What is kept of a transaction that others name. */
interface Kept {
  readonly at: number;
  readonly card: string;
  readonly merchant: string;
  readonly type: string;
  readonly amount: number;
  readonly code: string;
  readonly auth: string | null;
}

const minorPerUsd = new Map(
  countries.map(({ currency, unitsPerUsd }) => [
    currency,
    unitsPerUsd * 10 ** (currencies.get(currency) ?? 2),
  ]),
);
const countryOf = new Map(countries.map((country) => [country.code, country]));
const isAbsent = ({ channel }: Transaction): boolean =>
  channel === 'ecom' || channel === 'moto' || channel === 'recurring';
const isPayment = ({ type }: Transaction): boolean =>
  type === 'purchase' || type === 'cash_advance' || type === 'auth_only';

/** Counts by name. */
class Counts extends Map<string, number> {
  add(name: string, by = 1): void {
    this.set(name, (this.get(name) ?? 0) + by);
  }

  of(name: string): number {
    return this.get(name) ?? 0;
  }

  share(name: string, among: string): number {
    return this.of(name) / this.of(among);
  }
}

/** Categories of which something is given back; no other refund finds its original. */
const returned = new Set(
  merchantCategories.filter(({ refunds }) => refunds > 0).map(({ mcc }) => mcc),
);
const counts = new Counts();
const faults = new Map<string, string>();
/** Transactions that may be given back, collected or released. */
const kept = new Map<string, Kept>();
const followed = new Map<string, string[]>();
const firstReport = new Map<string, number>();
const theft = new Map<string, number>();
const blocked = new Map<string, number>();
const devices = new Set<string>();
const takeovers = new Map<string, string>();
const binOwner = new Map<string, string>();
const terminalOwner = new Map<string, string>();
const terminalsOf = new Map<string, Set<string>>();
const citiesOf = new Map<string, Set<string>>();
const hoursIn = new Map<string, Float64Array>();
const rates = new Map<number, { low: number; high: number }>();
let lastAt = 0;

/** Remembers the first transaction that breaks a rule. */
function rule(name: string, holds: boolean, transaction: Transaction): void {
  if (!holds && !faults.has(name)) faults.set(name, JSON.stringify(transaction));
}

before(async () => {
  let count = 0;
  for (const group of transactions(await world({ seed: 1 }))) {
    for (const { transaction, label } of group) {
      look(transaction, label);
      count += 1;
    }
    if (count >= COUNT) break;
  }
});

function look(t: Transaction, label: Label): void {
  const at = Date.parse(t.event_time);
  lastAt = at;
  const isApproved = t.response_code === '00';
  const usd = (t.billing_amount_minor ?? 0) / (minorPerUsd.get(t.billing_currency ?? '') ?? 1);
  lookAtValue(t, label, usd, isApproved);
  lookAtAnswer(t, isApproved);
  if (t.original_transaction_id) lookAtOriginal(t, at);
  else lookAtCard(t, label, at, isApproved);
  if (isApproved && isFollowed(t)) {
    kept.set(t.transaction_id, {
      ...{ at, card: t.card_id, merchant: t.merchant_id ?? '', type: t.type ?? '' },
      ...{ amount: t.amount_minor, code: t.mcc ?? '', auth: t.auth_code ?? null },
    });
  }
  lookAtTerminal(t, at);
  lookAtMoney(t, at, label.is_fraud);
}

function isFollowed({ type, mcc }: Transaction): boolean {
  return type === 'auth_only' || (type === 'purchase' && returned.has(mcc ?? ''));
}

function lookAtValue(t: Transaction, { is_fraud }: Label, usd: number, isApproved: boolean): void {
  if (is_fraud) {
    counts.add(`fraud ${t.channel}`);
    counts.add(`fraud ${t.type}`);
  }
  if (!isPayment(t) || !isApproved) return;
  const whose = is_fraud ? 'fraud' : 'honest';
  counts.add(`${whose} value`, usd);
  if (isAbsent(t)) counts.add(`${whose} absent`, usd);
  if (t.card_country !== t.merchant_country) counts.add(`${whose} beyond`, usd);
}

function lookAtAnswer(t: Transaction, isApproved: boolean): void {
  const { response_code: answer = '', channel } = t;
  counts.add(`${channel} ${answer}`);
  counts.add(`type ${t.type}`);
  if (!isApproved) counts.add('declined');
  if (!isApproved) counts.add(`declined ${channel}`);
  if (answer === '14') counts.add('invalid');
  reasons[answer ?? '']?.(t);
  lookAtCheck('wrong code', t.cvv_result === 'N', isApproved);
  lookAtCheck('failed 3DS', t.three_ds === 'failed', isApproved);
  rule('zero is for verifications', (t.amount_minor === 0) === (t.type === 'verification'), t);
}

/** What must be true of a transaction that is refused for a reason. */
const reasons: Readonly<Record<string, (t: Transaction) => void>> = {
  '55': (t) => rule('55 follows a PIN', t.cvm === 'pin', t),
  '14': (t) => rule('14 is never said to a card that is there', t.card_present === false, t),
  R0: (t) => rule('R0 is for recurring payments', t.channel === 'recurring', t),
  R1: (t) => rule('R1 is for recurring payments', t.channel === 'recurring', t),
  N7: (t) => rule('N7 is what Visa says to a wrong value', isWrongCode(t, true), t),
  '82': (t) => rule('82 is what others say to a wrong value', isWrongCode(t, false), t),
};

function isWrongCode(t: Transaction, isOfVisa: boolean): boolean {
  return t.cvv_result === 'N' && (t.card_brand === 'visa') === isOfVisa;
}

function lookAtCheck(name: string, hasFailed: boolean, isApproved: boolean): void {
  if (!hasFailed) return;
  counts.add(name);
  if (!isApproved) counts.add(`${name} declined`);
}

function lookAtOriginal(t: Transaction, at: number): void {
  const id = t.original_transaction_id ?? '';
  const original = kept.get(id);
  const isSame = original?.card === t.card_id && original.merchant === t.merchant_id;
  rule('what follows has an approved original of its card and merchant', isSame, t);
  if (!original) return;
  const isLater = at >= original.at && t.amount_minor <= original.amount;
  rule('it is not before it, nor of more', isLater, t);
  const isRefund = t.type === 'refund';
  rule('a refund is of a purchase', isRefund === (original.type === 'purchase'), t);
  if (isRefund) {
    rule('nobody gives back food, fuel and rides', !FINAL.includes(original.code), t);
    counts.add(t.amount_minor === original.amount ? 'whole refund' : 'partial refund');
  } else if (t.type === 'completion') {
    rule('a completion has its approval', t.auth_code === original.auth, t);
  }
  followed.set(id, [...(followed.get(id) ?? []), t.type ?? '']);
}
/** Groceries, fast food, restaurants, fuel, transit, taxis. */
const FINAL = ['5411', '5814', '5812', '5541', '5542', '4111', '4121'];

function lookAtCard(t: Transaction, label: Label, at: number, isApproved: boolean): void {
  const { card_id: card } = t;
  rule('a refund names its purchase', t.type !== 'refund', t);
  if (at > (firstReport.get(card) ?? Number.POSITIVE_INFINITY)) {
    counts.add('asked after report');
    rule('a card is blocked when its fraud is found', !isApproved, t);
  }
  if (isApproved) {
    rule('nobody uses a card that was taken', label.is_fraud || !theft.has(card), t);
    rule('a blocked card stays blocked', !blocked.has(card), t);
  }
  if (t.response_code === '41' || t.response_code === '43') blocked.set(card, at);
  if (label.is_fraud) lookAtMisuse(t, label, at);
  if (t.device_id) devices.add(`${card} ${t.device_id}`);
  const owner = `${t.card_country} ${t.card_brand} ${t.card_type}`;
  ownedBy(binOwner, t.pan_bin ?? '', owner, 'a BIN has one issuer', t);
}

function ownedBy(
  owners: Map<string, string>,
  key: string,
  owner: string,
  name: string,
  t: Transaction,
): void {
  const known = owners.get(key);
  if (known === undefined) owners.set(key, owner);
  else rule(name, known === owner, t);
}

function lookAtMisuse(t: Transaction, label: Label, at: number): void {
  const { card_id: card } = t;
  const found = Date.parse(label.reported_at ?? '');
  // A number that nobody has cannot be blocked.
  if (t.account_age_days !== null) {
    firstReport.set(card, Math.min(firstReport.get(card) ?? found, found));
  }
  if (label.fraud_scenario === 'lost_stolen') theft.set(card, at);
  if (label.fraud_scenario === 'account_takeover') lookAtTakeover(t, label.campaign_id ?? '');
}

function lookAtTakeover(t: Transaction, campaign: string): void {
  const device = takeovers.get(campaign);
  if (device !== undefined) {
    rule('a takeover keeps its device', device === t.device_id, t);
    return;
  }
  takeovers.set(campaign, t.device_id ?? '');
  const isNew = !devices.has(`${t.card_id} ${t.device_id}`);
  rule('a takeover begins with a new device', isNew && t.type === 'verification', t);
}

function lookAtTerminal(t: Transaction, at: number): void {
  const merchant = t.merchant_id ?? '';
  const terminal = t.terminal_id ?? '';
  const owner = `${merchant} ${isAbsent(t) ? 'absent' : 'present'}`;
  ownedBy(terminalOwner, terminal, owner, 'a terminal is of one shop, or online', t);
  const city = `${t.merchant_country} ${t.merchant_city}`;
  rule('a shop stands in its country', cityNames.has(city), t);
  if (isAbsent(t)) return;
  addTo(terminalsOf, merchant, terminal);
  addTo(citiesOf, merchant, city);
  const isFirst = t.channel === 'pos' && !t.original_transaction_id;
  if (isFirst && t.card_country === 'US' && (citiesOf.get(merchant)?.size ?? 0) >= 8) {
    addHour(city, at);
  }
}

const cityNames = new Set(cities.map(({ name, country }) => `${countries[country]?.code} ${name}`));

/** Customers of a chain go to its shops in their own city. */
function addHour(city: string, at: number): void {
  const hours = hoursIn.get(city) ?? new Float64Array(24);
  const hour = Math.floor(at / 3_600_000) % 24;
  hours[hour] = (hours[hour] as number) + 1;
  hoursIn.set(city, hours);
}

function addTo(sets: Map<string, Set<string>>, key: string, value: string): void {
  const found = sets.get(key);
  if (found) found.add(value);
  else sets.set(key, new Set([value]));
}

function lookAtMoney(t: Transaction, at: number, isFraud: boolean): void {
  const shop = countryOf.get(t.merchant_country ?? '');
  if (!shop) return;
  rule('prices are such as people pay', t.amount_minor % shop.priceStep === 0, t);
  if (t.currency === 'KRW') rule('won come in tens', t.amount_minor % 10 === 0, t);
  lookAtReading(t, shop, isFraud);
  const isOnline = t.channel === 'ecom' && t.type === 'purchase';
  if (isOnline && !isFraud) lookAtAuthentication(t);
  if (t.currency === 'EUR' && t.billing_currency === 'USD') lookAtRate(t, at);
}

function lookAtReading(t: Transaction, shop: Country, isFraud: boolean): void {
  if (t.channel !== 'pos' || !isPayment(t)) return;
  if (t.pos_entry_mode === '071' && t.cvm === 'none' && shop.contactlessLimit > 0) {
    const limit = shop.contactlessLimit * 10 ** (currencies.get(t.currency) ?? 2);
    rule('above the limit a contactless card is verified', t.amount_minor <= limit, t);
  }
  if (isFraud) return;
  const zone = emvZone(shop.code);
  counts.add(`reads ${zone}`);
  if (STRIPES.includes(t.pos_entry_mode ?? '')) counts.add(`stripes ${zone}`);
}
const STRIPES = ['901', '801'];

function lookAtRate(t: Transaction, at: number): void {
  // Of small amounts the rounding is seen.
  if (t.amount_minor < 2000) return;
  const rate = (t.billing_amount_minor ?? 0) / t.amount_minor;
  const day = Math.floor(at / DAY_MS);
  const { low, high } = rates.get(day) ?? { low: rate, high: rate };
  rates.set(day, { low: Math.min(low, rate), high: Math.max(high, rate) });
}

const isUnderLaw = (code: string | null | undefined): boolean =>
  countryOf.get(code ?? '')?.authentication === 'sca';

function lookAtAuthentication(t: Transaction): void {
  const eur = (0.92 * t.amount_minor) / (minorPerUsd.get(t.currency) ?? 1);
  const size = sizes.find(({ most }) => eur <= most)?.name;
  const own = t.card_country === 'US' ? 'US' : 'other';
  const isLaw = isUnderLaw(t.card_country) && isUnderLaw(t.merchant_country);
  const where = isLaw ? 'EEA' : own;
  counts.add(`online ${where} ${size}`);
  counts.add(`online ${where}`);
  if (t.three_ds === 'none') return;
  counts.add(`asked ${where} ${size}`);
  counts.add(`asked ${where}`);
}
const sizes = [
  { name: 'small', most: 30 },
  { name: 'middle', most: 500 },
  { name: 'large', most: Number.POSITIVE_INFINITY },
];

/** The regions of EMVCo's statistics. */
function emvZone(code: string): string {
  if (code === 'US') return 'US';
  if (['CA', 'BR', 'MX'].includes(code)) return 'Americas';
  if (['JP', 'KR', 'IN', 'AU', 'SG'].includes(code)) return 'Asia Pacific';
  return ['AE', 'KW', 'BH', 'ZA'].includes(code) ? 'Middle East and Africa' : 'Europe';
}

function near(name: string, found: number, published: number, tolerance: number): void {
  console.log(`${name}: ${found.toFixed(4)}, published ${published}`);
  const isNear = Math.abs(found - published) <= tolerance;
  assert.ok(isNear, `${name}: ${found} is more than ${tolerance} from ${published}`);
}

function between(name: string, found: number, least: number, most: number): void {
  console.log(`${name}: ${found.toFixed(4)}`);
  assert.ok(found >= least && found <= most, `${name}: ${found}, not ${least} to ${most}`);
}

test('no transaction breaks a rule of its kind', () => {
  assert.deepEqual([...faults], []);
});

test('E1: fraud has the value that is published: card not present, cross-border, ten times the total', () => {
  near('card not present', counts.share('fraud absent', 'fraud value'), 0.84, 0.06);
  near('cross-border', counts.share('fraud beyond', 'fraud value'), 0.63, 0.06);
  near('honest cross-border', counts.share('honest beyond', 'honest value'), 0.11, 0.04);
  near('fraud of value', counts.share('fraud value', 'honest value'), 0.0028, 0.0008);
});

test('E2: there is fraud in every channel and of every type that takes money', () => {
  for (const name of ['ecom', 'pos', 'atm', 'moto', 'recurring', 'cash_advance', 'verification']) {
    assert.ok(counts.of(`fraud ${name}`) >= 20, `${name}: ${counts.of(`fraud ${name}`)}`);
  }
});

test('E3: many cards were found to be misused or stolen, and somebody still asked', () => {
  assert.ok(firstReport.size > 500 && theft.size > 20 && takeovers.size > 20);
  assert.ok(counts.of('asked after report') > 100 && blocked.size > 100);
});

test('E4: refusals are for the reasons that issuers give', () => {
  between('14 of refusals', counts.share('invalid', 'declined'), 0.01, 0.05);
  between('55 at cash machines', counts.share('atm 55', 'declined atm'), 0.15, 0.4);
  between('wrong code refused', counts.share('wrong code declined', 'wrong code'), 0.8, 0.97);
  between('failed 3DS refused', counts.share('failed 3DS declined', 'failed 3DS'), 0.85, 0.99);
});

test('E5: refunds are whole or in part, reservations are collected or released', () => {
  const refunds = counts.of('whole refund') + counts.of('partial refund');
  between('refunds', refunds / COUNT, 0.005, 0.02);
  between('whole refunds', counts.of('whole refund') / refunds, 0.5, 0.85);
  let open = 0;
  for (const [id, { type, at }] of kept) {
    if (type !== 'auth_only' || at > lastAt - 8 * DAY_MS) continue;
    const ends = followed.get(id) ?? [];
    assert.ok(ends.length <= 1 && ends.every((end) => end !== 'refund'), `${id}: ${ends}`);
    if (ends.length === 0) open += 1;
  }
  assert.equal(open, 0);
  between('verifications', counts.of('type verification') / COUNT, 0.001, 0.02);
  between('reversals', counts.of('type reversal') / counts.of('type auth_only'), 0.03, 0.2);
});

test('E6: stripes are read as often as EMVCo says of each region', () => {
  const published: Readonly<Record<string, readonly [share: number, tolerance: number]>> = {
    US: [0.1826, 0.01],
    Americas: [0.0311, 0.008],
    'Asia Pacific': [0.1729, 0.02],
    'Middle East and Africa': [0.0101, 0.004],
    Europe: [0.0048, 0.004],
  };
  for (const [zone, [share, tolerance]] of Object.entries(published)) {
    near(`stripes, ${zone}`, counts.share(`stripes ${zone}`, `reads ${zone}`), share, tolerance);
  }
});

test('E7: who must be asked online is asked: in the EEA and the UK by amount, in the US rarely', () => {
  between('EEA above 500 EUR', counts.share('asked EEA large', 'online EEA large'), 0.97, 1);
  between('EEA up to 30 EUR', counts.share('asked EEA small', 'online EEA small'), 0.05, 0.2);
  between('EEA between', counts.share('asked EEA middle', 'online EEA middle'), 0.5, 0.9);
  between('US', counts.share('asked US', 'online US'), 0.01, 0.08);
});

test('E8: a large merchant has thousands of terminals all over its country, a small one a few', () => {
  const sizes = [...terminalsOf.values()].map(({ size }) => size).sort((a, b) => b - a);
  assert.ok((sizes[0] ?? 0) > 2000, `${sizes[0]}`);
  const small = sizes[Math.floor(sizes.length * 0.9)] ?? 0;
  assert.ok(small <= 6, `${small}`);
  assert.ok(Math.max(...[...citiesOf.values()].map(({ size }) => size)) >= 12);
  assert.ok(binOwner.size > 200);
});

test('E9: each city of a large country lives by its own clock', () => {
  for (const [city, behind] of [
    ['New York', 5],
    ['Chicago', 6],
    ['Denver', 7],
    ['Los Angeles', 8],
  ] as const) {
    const hours = hoursIn.get(`US ${city}`) ?? new Float64Array(24);
    const fits = Array.from({ length: 24 }, (_, shift) =>
      hours.reduce((sum, count, hour) => sum + count * (HOURS[(hour - shift + 24) % 24] ?? 0), 0),
    );
    assert.equal(fits.indexOf(Math.max(...fits)), behind, city);
  }
});

test('E10: exchange rates move from day to day, and issuers add nothing to three percent', () => {
  const days = [...rates.values()].slice(1, -1);
  for (const { low, high } of days) assert.ok(high / low < 1.033, `${low} to ${high}`);
  const lows = days.map(({ low }) => low);
  const moves = lows.slice(1).map((low, day) => Math.abs(low / (lows[day] as number) - 1));
  const mean = moves.reduce((sum, move) => sum + move, 0) / moves.length;
  near('mean daily move', mean, 0.004, 0.002);
  const spread = days.map(({ low, high }) => high / low - 1);
  assert.ok(Math.max(...spread) > 0.02);
});
