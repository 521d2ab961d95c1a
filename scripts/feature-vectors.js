/**
 * Writes the input of the golden vectors of the features: fixtures/features/input.ndjson and addresses.json.
 *
 *     npm run build && node scripts/feature-vectors.js && python3 test/python/features.py fixtures/features > expected.txt
 *
 * Then move expected.txt there. Some of a small generated world, and cases that are easily got wrong, by hand.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transactions } from '../dist/generators/transactions.js';
import { world } from '../dist/generators/world.js';
import { ipRanges } from '../dist/geoip/ip-ranges.js';

const folder = join(import.meta.dirname, '..', 'fixtures', 'features');
const OF_WORLD = 160;
const items = [];
const add = (transaction) => items.push({ transaction });
const learn = (label) => items.push({ label });

const soonAfter = ({ event_time: time }) => new Date(Date.parse(time) + 1).toISOString();
const settings = { seed: 11, cards: 100, merchants: 100, fraudRate: 0.2, ipSpace: 'documentation' };
const frauds = [];
for (const group of transactions(await world(settings))) {
  for (const { transaction, label } of group) {
    if (items.length >= OF_WORLD) break;
    add(transaction);
    // Not when they were reported, which is weeks later: soon enough to be seen.
    if (label.is_fraud) frauds.push(label);
    if (items.length % 7 === 0 && frauds.length > 0)
      learn({ ...frauds.shift(), reported_at: soonAfter(transaction) });
  }
  if (items.length >= OF_WORLD) break;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const start = Date.UTC(2026, 2, 1, 0, 0, 0);
let made = 0;
/** A transaction by hand: `at` in milliseconds after the first of March 2026. */
const at = (ms, card, fields = {}) => {
  made += 1;
  add({
    schema_version: 1,
    transaction_id: `hand-${String(made).padStart(4, '0')}`,
    event_time: new Date(start + ms).toISOString(),
    card_id: card,
    amount_minor: 1250,
    currency: 'USD',
    ...fields,
  });
};

// Nothing is known but what must be; a first one, and one more.
at(0, 'bare');
at(1, 'bare');
// The edges of each window, and one millisecond to either side; what has the same time is not seen.
for (const window of [10 * MINUTE, HOUR, DAY, 7 * DAY, 30 * DAY]) {
  for (const off of [-1, 0, 1]) {
    const card = `edge-${window}-${off}`;
    const more = { merchant_id: card, source_ip: '192.0.2.7', mcc: '5411', response_code: '05' };
    at(0, card, more);
    at(window + off, card, more);
    at(window + off, card, more);
  }
}
// Late: before the newest of its card; it is inserted all the same.
for (const ms of [10, 30, 20, 25, 40])
  at(ms * MINUTE, 'late', { merchant_id: `m${ms}`, amount_minor: ms });
// Two before it at the same time: the one inserted last is the previous one.
for (const country of ['US', 'JP']) {
  at(5 * HOUR, 'tie', { card_present: true, merchant_country: country, merchant_id: 'tie' });
}
at(6 * HOUR, 'tie', { card_present: true, merchant_country: 'NZ', merchant_id: 'tie' });
// More than a ring holds, of a card, an address and a merchant; refunds and round amounts too.
for (let each = 0; each < 40; each += 1) {
  at(40 * DAY + each * MINUTE, 'ring', {
    amount_minor: 100 + each * 7,
    merchant_id: `r${each % 35}`,
  });
}
for (let each = 0; each < 36; each += 1) {
  at(41 * DAY + each * 1000, `of-ip-${each % 34}`, {
    source_ip: '2001:db8:20:1::5',
    response_code: each % 5 ? '00' : '51',
  });
}
for (let each = 0; each < 70; each += 1) {
  const type = each % 3 === 0 ? 'refund' : 'purchase';
  const fields = {
    merchant_id: 'busy',
    type,
    amount_minor: each % 2 ? 5000 : 1001,
    pan_bin: each % 4 ? '424242' : '555555',
  };
  at(42 * DAY + each * 5000, `of-merchant-${each}`, {
    ...fields,
    response_code: each % 6 ? '00' : 'N7',
  });
}
// Reported now; later, but not yet; of nobody; genuine; never; once more; of a terminal whose merchant is unknown.
const reported = (ms) => new Date(start + ms).toISOString();
const busy = { is_fraud: true, merchant_id: 'busy' };
const now = reported(42 * DAY + HOUR);
learn({ transaction_id: 'hand-1', ...busy, reported_at: now });
learn({ transaction_id: 'hand-1', ...busy, reported_at: now });
learn({ transaction_id: 'hand-2', ...busy, reported_at: reported(42 * DAY + HOUR + 1) });
learn({ transaction_id: 'hand-3', is_fraud: true, reported_at: now });
learn({ transaction_id: 'hand-4', ...busy, is_fraud: false, reported_at: now });
learn({ transaction_id: 'hand-5', ...busy });
at(42 * DAY + HOUR, 'after-labels', { merchant_id: 'busy', pan_bin: '55555501' });
// Money: no decimals, three of them, a currency without a rate, a billing amount without its currency.
for (const [amount, currency] of [
  [1250, 'JPY'],
  [1_250_500, 'KWD'],
  [1250, 'XOF'],
  [9_007_199_254_740_991, 'USD'],
  [0, 'USD'],
]) {
  at(43 * DAY, `money-${currency}`, { amount_minor: amount, currency });
  at(43 * DAY + 1, `money-${currency}`, {
    amount_minor: 7,
    currency,
    billing_amount_minor: 3,
    billing_currency: 'EUR',
  });
  at(43 * DAY + 2, `money-${currency}`, { amount_minor: 7, currency, billing_amount_minor: 3 });
  at(43 * DAY + 3, `money-${currency}`, { amount_minor: 7, currency, billing_currency: 'EUR' });
}
// The same amount again and again has no deviation of its own; nothing at all has none.
for (let each = 0; each < 5; each += 1) at(44 * DAY + each * HOUR, 'steady', { amount_minor: 999 });
for (let each = 0; each < 5; each += 1) at(44 * DAY + each * HOUR, 'free', { amount_minor: 0 });
// Midnight somewhere: half hours, the other side of the date line, a country without an offset.
for (const country of ['IN', 'NZ', 'US', 'GB', 'AQ']) {
  for (const ms of [45 * DAY - 1, 45 * DAY])
    at(ms, `midnight-${country}-${ms}`, { card_country: country });
}
// Far and fast: across the antimeridian, in no time, from nowhere, and a card that is not there.
for (const [card, from, to, ms] of [
  ['fj-nz', 'FJ', 'NZ', HOUR],
  ['us-jp', 'US', 'JP', 1],
  ['xx-us', 'XX', 'US', HOUR],
  ['xx-xx', 'XX', 'XX', HOUR],
  ['de-de', 'DE', 'DE', HOUR],
]) {
  at(46 * DAY, card, { card_present: true, merchant_country: from, card_country: 'DE' });
  at(46 * DAY + 1, card, { card_present: false, merchant_country: 'BR', card_country: 'DE' });
  at(46 * DAY + ms + 1, card, { card_present: true, merchant_country: to, card_country: 'DE' });
}
// Addresses: neighbours in a network, the same address written otherwise, IPv4 as IPv6, nobody's.
const written = [
  '198.51.100.7',
  '198.51.100.250',
  '::ffff:198.51.100.9',
  '203.0.113.1',
  '2001:db8:20::1',
  '2001:db8:20:ffff::2',
  '2001:db8:21::1',
  '10.0.0.1',
];
for (const [place, source_ip] of [...written, ...written].entries()) {
  at(47 * DAY + place * MINUTE, 'walker', {
    source_ip,
    device_id: `dv-${place % 3}`,
    card_country: 'US',
  });
}
// Identifiers in other scripts, and ones that are alike.
for (const merchant_id of ['cafe\u0301', 'caf\u00e9', '\u5e02\u5834', '\ud83d\ude00', 'caf\u00e9'])
  at(48 * DAY + made, 'k\u00e4rtchen', { merchant_id });
// Every code once.
const codes = {
  type: ['purchase', 'refund', 'auth_only', 'cash_advance'],
  channel: ['ecom', 'pos', 'atm', 'moto', 'recurring'],
  three_ds: ['none', 'frictionless', 'challenge', 'failed'],
  avs_result: ['Y', 'A', 'Z', 'N', 'U'],
  cvv_result: ['M', 'N', 'U'],
  card_type: ['credit', 'debit', 'prepaid'],
};
for (let each = 0; each < 5; each += 1) {
  const one = Object.entries(codes).map(([field, values]) => [field, values[each % values.length]]);
  at(49 * DAY + each, 'codes', {
    ...Object.fromEntries(one),
    pos_entry_mode: `0${each}1`,
    mcc: `000${each}`,
    account_age_days: each,
  });
}
// Days of a card beyond the ring of its transactions, and days beyond the ring of its days; a late day that is gone.
for (let each = 0; each < 50; each += 1)
  at(60 * DAY + each * 1000, 'many-a-day', { amount_minor: 100 + ((each * 37) % 90) });
for (let day = 0; day < 35; day += 1)
  at(61 * DAY + day * DAY + day, 'many-days', { amount_minor: 1000 + day, currency: 'EUR' });
for (const day of [0, 20, 34, 36]) at(61 * DAY + day * DAY + 99, 'many-days', { currency: 'EUR' });
// Midnight of UTC between the days, and before it; amounts whose squares no double has.
for (const ms of [-1, 0, 1]) at(70 * DAY + ms, 'squares', { amount_minor: 9_007_199_254_740_881 });
// Risk: a merchant with two terminals, one number of two merchants, and one without a merchant; reported at the
// edges of the windows over what is old enough.
const shops = [
  { merchant_id: 'shop', terminal_id: '1' },
  { merchant_id: 'shop', terminal_id: '2' },
  { merchant_id: 'other', terminal_id: '1' },
  { terminal_id: '1' },
  { merchant_id: 'shop' },
];
let sold = 0;
for (const day of [0, 1, 2, 6, 7, 8, 9, 13, 14, 15, 29, 31, 36, 37, 38, 45, 80]) {
  for (const [index, shop] of shops.entries()) {
    at(100 * DAY + day * DAY + index * HOUR, `buyer-${day % 5}`, shop);
    if ((day + index) % 2 === 0) {
      sold += 1;
      const late = reported(100 * DAY + (day + 6) * DAY + index * HOUR);
      learn({ transaction_id: `sold-${sold}`, is_fraud: true, reported_at: late, ...shop });
    }
  }
}
// Months later, so that more days are reported than a ring has.
for (let day = 0; day < 40; day += 1) {
  const told = { is_fraud: true, merchant_id: 'shop', terminal_id: '2' };
  const ms = 200 * DAY + day * DAY;
  learn({ transaction_id: `daily-${day}`, ...told, reported_at: reported(ms) });
  if (day % 5 === 4) at(200 * DAY + day * DAY + 1, `buyer-${day}`, shops[1]);
}
// A country that the card has not been in, and one that it has.
for (const [ms, country] of ['DE', 'DE', null, 'FR', 'DE'].entries())
  at(250 * DAY + ms, 'traveller', { merchant_country: country, card_present: ms % 2 === 0 });
// What is null is unknown.
at(50 * DAY, 'nulls', {
  merchant_id: null,
  source_ip: null,
  device_id: null,
  mcc: null,
  response_code: null,
  billing_amount_minor: null,
  billing_currency: null,
  card_country: null,
  pan_bin: null,
  terminal_id: null,
});

// Each type of transaction: what its card, address, merchant and terminal count of it, one type before each other one, and by itself.
const typed = { schema_version: 2, merchant_id: 'types', terminal_id: '7', card_present: true };
const kinds = [
  { type: 'purchase', amount_minor: 4000 },
  { type: 'refund', amount_minor: 4000, original_transaction_id: 'hand-0001' },
  { type: 'refund', amount_minor: 1500, original_transaction_id: 'hand-0001' },
  { type: 'auth_only', amount_minor: 20_000, mcc: '7011' },
  { type: 'completion', amount_minor: 18_250, mcc: '7011', original_transaction_id: 'hand-0002' },
  { type: 'reversal', amount_minor: 20_000, mcc: '7011', original_transaction_id: 'hand-0002' },
  { type: 'verification', amount_minor: 0 },
  { type: 'cash_advance', amount_minor: 30_000, channel: 'atm', mcc: '6011' },
  { type: 'purchase', amount_minor: 999, channel: 'recurring', card_present: false },
  { type: null, amount_minor: 4000 },
];
const ofTypes = { merchant_country: 'FR', card_country: 'FR', source_ip: '198.51.100.77' };
for (const [round, answer] of ['00', '05', '00'].entries()) {
  for (const [index, kind] of kinds.entries()) {
    const fields = { ...typed, ...ofTypes, response_code: answer, ...kind };
    at(260 * DAY + round * 9 * DAY + index * MINUTE, 'every-type', fields);
    at(260 * DAY + round * 9 * DAY + index * MINUTE + 1, `of-${index}`, fields);
  }
}
// Ties: transactions of one instant, reported at that instant, by one merchant and others, on time and late.
const second = 290 * DAY;
learn({ transaction_id: 'tie-1', is_fraud: true, reported_at: reported(second), ...shops[0] });
learn({ transaction_id: 'tie-2', is_fraud: true, reported_at: reported(second + 1), ...shops[0] });
learn({ transaction_id: 'tie-3', is_fraud: true, reported_at: reported(second), ...shops[2] });
learn({ transaction_id: 'tie-4', is_fraud: true, reported_at: reported(second), ...shops[3] });
for (const [index, shop] of [...shops, ...shops].entries())
  at(second, `tied-${index % 3}`, { ...shop, source_ip: '198.51.100.78' });
// Another merchant has gone on by a month; this one is late, and learns what was reported by its own time alone.
at(second + 30 * DAY, 'ahead', shops[2]);
learn({ transaction_id: 'tie-5', is_fraud: true, reported_at: reported(second), ...shops[1] });
for (const ms of [-1, 0, 1, 2, HOUR]) at(second + ms, 'behind', shops[1]);
at(second + HOUR, 'behind', shops[3]);

const ranges = ipRanges('documentation');
const used = new Set(items.flatMap(({ transaction }) => transaction?.source_ip ?? []));
const owners = [...used].sort().map((address) => {
  const found = ranges.lookup(address);
  const kinds = ['consumer', 'mobile', 'hosting', 'anonymiser'];
  return [address, found ? { country: found.country, kind: kinds[found.kind] } : null];
});
const lines = items.map((item) => `${JSON.stringify(item)}\n`).join('');
writeFileSync(join(folder, 'input.ndjson'), lines);
writeFileSync(
  join(folder, 'addresses.json'),
  `${JSON.stringify(Object.fromEntries(owners), undefined, 1)}\n`,
);
console.log(`${items.length} items, ${used.size} addresses`);
