import assert from 'node:assert/strict';
import { BlockList, isIPv4 } from 'node:net';
import { before, test } from 'node:test';
import { currencies } from '../transactions/currency.ts';
import { parseTransaction, type Transaction } from '../transactions/transaction.ts';
import { countries } from './population/countries.ts';
import { merchantCategories } from './population/merchants.ts';
import { type LabelledTransaction, transactions } from './transactions.ts';
import { world } from './world.ts';

const FRAUD_RATE = 0.05;
const sample: LabelledTransaction[] = [];

before(async () => {
  for (const group of transactions(await world({ seed: 'believable', fraudRate: FRAUD_RATE }))) {
    sample.push(...group);
    if (sample.length >= 200_000) break;
  }
});

const isFraud = ({ label }: LabelledTransaction): boolean => label.is_fraud;

test('every transaction is one that the parser takes, with every field present', () => {
  for (const { transaction } of sample.filter((_, index) => index % 20 === 0)) {
    assert.deepEqual(parseTransaction(transaction), { transaction });
    assert.equal(Object.keys(transaction).length, 37);
  }
});

test('the fields of a transaction do not contradict each other', () => {
  const rules: Readonly<Record<string, (transaction: Transaction) => boolean>> = {
    'a present card was read, an absent one was not': (t) =>
      t.card_present === ['pos', 'atm'].includes(t.channel ?? '') &&
      t.card_present === ['051', '071', '901', '801'].includes(t.pos_entry_mode ?? ''),
    'how the cardholder was verified is said where the card was there, and only of first requests':
      (t) => (t.cvm !== null) === (t.card_present === true && t.original_transaction_id === null),
    'cash comes from cash machines alone': (t) =>
      (t.channel === 'atm') === (t.type === 'cash_advance') &&
      (t.channel === 'atm') === (t.mcc === '6011'),
    '3-D Secure, ECI, address and device are for e-commerce alone, when the customer is there': (
      t,
    ) =>
      [t.three_ds, t.eci, t.source_ip, t.device_id, t.user_agent_family].every(
        (value) =>
          (value !== null) === (t.channel === 'ecom' && t.original_transaction_id === null),
      ),
    'the ECI says what 3-D Secure did': (t) =>
      t.eci === null ||
      ['frictionless', 'challenge'].includes(t.three_ds ?? '') ===
        ['05', '02'].includes(t.eci ?? ''),
    'the ECI is of the brand': (t) =>
      t.eci === null ||
      (t.card_brand === 'mastercard') === ['02', '01', '00'].includes(t.eci ?? ''),
    'AVS and CVV are for remote purchases alone': (t) =>
      ['ecom', 'moto'].includes(t.channel ?? '') ||
      (t.avs_result === null && t.cvv_result === null),
    'a stored card has no CVV': (t) => t.pos_entry_mode !== '102' || t.cvv_result === null,
    'an approval has a code, a refusal has none': (t) =>
      (t.response_code === '00') === (t.auth_code !== null),
    'a refund is approved': (t) => t.type !== 'refund' || t.response_code === '00',
    'the same currency is billed at the same amount': (t) =>
      t.currency !== t.billing_currency || t.amount_minor === t.billing_amount_minor,
    'every amount but that of a verification is above zero': (t) =>
      t.type === 'verification'
        ? t.amount_minor === 0 && t.billing_amount_minor === 0
        : t.amount_minor > 0 && (t.billing_amount_minor ?? 0) > 0,
    'a card bought abroad in person is abroad': (t) =>
      countries.some(
        ({ code, currency }) => code === t.merchant_country && currency === t.currency,
      ),
    'the reference ends with the trace number': (t) => t.rrn?.endsWith(t.stan ?? '-') === true,
  };
  for (const { transaction } of sample) {
    for (const [rule, passed] of Object.entries(rules)) {
      if (!passed(transaction)) assert.fail(`${rule}: ${JSON.stringify(transaction)}`);
    }
  }
});

test('no address is reserved, private or multicast, and both families occur', () => {
  const reserved = new BlockList();
  // RFC 6890, written out a second time on purpose.
  for (const network of [
    ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
    ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
    ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ]) {
    const [address = '', bits] = network.split('/');
    reserved.addSubnet(address, Number(bits));
  }
  const globalV6 = new BlockList();
  globalV6.addSubnet('2000::', 3, 'ipv6');
  const specialV6 = new BlockList();
  for (const [address, bits] of [
    ['2001::', 23],
    ['2001:db8::', 32],
    ['2002::', 16],
  ] as const) {
    specialV6.addSubnet(address, bits, 'ipv6');
  }
  const counts = { v4: 0, v6: 0 };
  for (const { transaction } of sample) {
    const address = transaction.source_ip;
    if (!address) continue;
    if (isIPv4(address)) {
      counts.v4 += 1;
      assert.ok(!reserved.check(address), address);
    } else {
      counts.v6 += 1;
      assert.ok(globalV6.check(address, 'ipv6') && !specialV6.check(address, 'ipv6'), address);
      assert.equal(new URL(`http://[${address}]`).hostname, `[${address}]`, 'RFC 5952');
    }
  }
  assert.ok(
    counts.v6 / (counts.v4 + counts.v6) > 0.2 && counts.v4 > counts.v6,
    JSON.stringify(counts),
  );
});

test('nothing in a line can be taken for a card number', () => {
  const luhn = (digits: string): boolean => {
    const sum = [...digits].reverse().reduce((total, digit, index) => {
      const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
    return sum % 10 === 0;
  };
  for (const { transaction } of sample) {
    for (const run of JSON.stringify(transaction).match(/\d{13,19}/g) ?? []) {
      assert.ok(!luhn(run), run);
    }
  }
});

test('amounts are of the size of their category in every currency, whatever its exponent', () => {
  const groceries = merchantCategories.find(({ mcc }) => mcc === '5411');
  for (const { currency, unitsPerUsd } of countries) {
    const exponent = currencies.get(currency) ?? 0;
    const usd = sample
      .map(({ transaction }) => transaction)
      .filter((t) => t.currency === currency && t.mcc === '5411' && t.channel === 'pos')
      .map((t) => t.amount_minor / 10 ** exponent / unitsPerUsd)
      .sort((a, b) => a - b);
    if (usd.length < 50) continue;
    const median = usd[usd.length >> 1] ?? 0;
    assert.ok(Math.abs(median / (groceries?.usdMedian ?? 0) - 1) < 0.5, `${currency}: ${median}`);
  }
  const yen = sample.filter(({ transaction }) => transaction.currency === 'JPY');
  assert.ok(yen.length > 1000);
});

test('a customer keeps to a home, a device and some shops', () => {
  const byCard = groups(
    sample.filter((one) => !isFraud(one) && one.transaction.channel === 'ecom'),
    ({ transaction }) => transaction.card_id,
  );
  const busy = [...byCard.values()].filter((list) => list.length >= 10);
  assert.ok(busy.length > 50);
  const repeats = (field: 'source_ip' | 'device_id' | 'merchant_id'): number => {
    const shares = busy.map((list) => {
      const counts = groups(list, ({ transaction }) => transaction[field]);
      return Math.max(...[...counts.values()].map(({ length }) => length)) / list.length;
    });
    return shares.reduce((sum, share) => sum + share, 0) / shares.length;
  };
  assert.ok(repeats('device_id') > 0.6, 'device');
  assert.ok(repeats('source_ip') > 0.3, 'address');
  assert.ok(repeats('merchant_id') > 0.15, 'merchant');
});

/** `Map.groupBy`, which Node 20 does not have. */
function groups<T, Key>(list: readonly T[], keyOf: (one: T) => Key): Map<Key, T[]> {
  const found = new Map<Key, T[]>();
  for (const one of list) {
    const group = found.get(keyOf(one));
    if (group) group.push(one);
    else found.set(keyOf(one), [one]);
  }
  return found;
}
