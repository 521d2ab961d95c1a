import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contractMisfit, contractText } from './contract-text.ts';
import { mappingText } from './mapping-text.ts';
import { type Proposal, type ProposedTarget, propose } from './propose.ts';

/** Records whose fields go through their values in turn. */
function records(fields: Readonly<Record<string, readonly unknown[]>>, count = 6): object[] {
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, values]) => [name, values[index % values.length]]),
    ),
  );
}

const distinct = (begin: string): readonly string[] =>
  Array.from({ length: 6 }, (_, index) => `${begin}${index}`);
const base = {
  id: distinct('t-'),
  ts: ['2026-01-31T10:00:00Z'],
  cardToken: ['c-1', 'c-2'],
  amount: ['12.50', '3.00'],
  currency: ['EUR'],
};
const withField = (name: string, ...values: readonly unknown[]): Proposal =>
  propose(records({ ...base, [name]: values }));
const fieldOf = (proposal: Proposal, target: ProposedTarget) =>
  proposal.fields.find((field) => field.target === target);
const pathOf = (proposal: Proposal, target: ProposedTarget): string | undefined =>
  fieldOf(proposal, target)
    ?.columns.map(({ path }) => path)
    .join(' + ');
const without = (name: keyof typeof base): Record<string, readonly unknown[]> =>
  Object.fromEntries(Object.entries(base).filter(([key]) => key !== name));

for (const [values, as] of [
  [['2026-01-31T10:00:00.123Z'], 'iso'],
  [['2026-01-31T10:00:00+01:00'], "yyyy-MM-dd'T'HH:mm:ssZZ"],
  [['2026-01-31 10:00:00', '2026-12-01 23:59:59'], 'yyyy-MM-dd HH:mm:ss'],
  [['31.01.2026 9:05', '1.2.2026 10:30'], 'd.M.yyyy H:mm'],
  [['01/31/2026 10:00:00 PM'], 'MM/dd/yyyy hh:mm:ss a'],
  [['31/01/2026 10:00', '01/02/2026 11:00'], 'dd/MM/yyyy HH:mm'],
  [['31-Jan-2026 10:00:00'], 'dd-MMM-yyyy HH:mm:ss'],
  [['Sat, 31 Jan 2026 10:00:00 +0000'], 'EEE, dd MMM yyyy HH:mm:ss ZZZ'],
  [['20260131100000'], 'yyyyMMddHHmmss'],
  [[1_769_853_600, 1_769_853_601], 'epoch-seconds'],
  [[1_769_853_600_123], 'epoch-milliseconds'],
  [['1769853600123456'], 'epoch-microseconds'],
  [['1769853600.25'], 'epoch-seconds'],
] as const) {
  test(`an event time such as ${values[0]} is read as ${as}`, () => {
    const found = fieldOf(propose(records({ ...base, ts: values })), 'event_time');
    assert.deepEqual(found?.time, { as });
  });
}

test('day and month that could be the other way round are a guess', () => {
  const found = fieldOf(propose(records({ ...base, ts: ['01.02.2026 10:00:00'] })), 'event_time');
  assert.equal(found?.certainty, 'a guess');
  assert.match(found?.remark ?? '', /other way round/);
});

test('a birth date, an expiry and a report are not the event time', () => {
  const at = ['2026-01-31T10:00:00Z'];
  const fields = { ...without('ts'), birthDate: at, expiryDate: at, reportedAt: at };
  assert.equal(fieldOf(propose(records(fields)), 'event_time'), undefined);
});

for (const [values, expected] of [
  [['12.50', '3.00'], {}],
  [['12,50', '3,00'], { decimalSeparator: ',' }],
  [['1,204.75', '3.00'], { thousands: ',' }],
  [['1.204,75', '3,00'], { thousands: '.', decimalSeparator: ',' }],
  [['$1,204.75', '$-3.00'], { symbol: '$', thousands: ',' }],
  [['12.345', '3.0'], { rounding: 'half-even' }],
] as const) {
  test(`amounts such as ${values[0]} are read with ${JSON.stringify(expected)}`, () => {
    const { isNegative, isWhole, ...separators } =
      fieldOf(propose(records({ ...base, amount: values })), 'amount')?.amount ?? {};
    assert.deepEqual(separators, expected);
    assert.equal(
      isNegative,
      values.some((text) => text.includes('-')),
    );
  });
}

test('cents by their name are minor units; whole numbers without one are a guess', () => {
  const cents = propose(records({ ...without('amount'), amountCents: [1250, 300] }));
  assert.equal(pathOf(cents, 'amount_minor'), 'amountCents');
  const filled = propose(records({ ...base, amount: ['000000001250', '000000000300'] }));
  assert.equal(pathOf(filled, 'amount_minor'), 'amount');
  const open = propose(records({ ...base, amount: [1250, 300] }));
  assert.equal(fieldOf(open, 'amount')?.certainty, 'a guess');
});

test('a balance is no amount', () => {
  const fields = { ...without('amount'), oldBalanceAmount: ['12.50'], price: ['3.00'] };
  assert.equal(pathOf(propose(records(fields)), 'amount'), 'price');
});

const VISA = '4111111111111111';
const AMEX = '3782 822463 10005';
for (const [name, values] of [
  ['pan', [VISA, '5500005555555559']],
  ['cardNumber', [AMEX]],
  ['note', [VISA, AMEX]],
  ['track2', [`;${VISA}=26122011000012300000?`]],
  ['cc_num', ['4218196001337000']],
] as const) {
  test(`card numbers in ${name} are never mapped as they are`, () => {
    const beside = withField(name, ...values);
    assert.deepEqual(
      beside.cardNumbers.map(({ path }) => path),
      [name],
    );
    assert.ok(beside.unassigned.some(({ field }) => field.path === name));
    const contract = contractText(beside, { origin: 'x', format: 'json' });
    for (const value of values) assert.doesNotMatch(contract, new RegExp(value.slice(1, 9)));
    const alone = propose(records({ ...without('cardToken'), [name]: values }));
    assert.equal(pathOf(alone, 'card_id'), name);
    assert.match(mappingText(alone, 'x', 'salt'), /card_id: \{ from: \w+, hash: sha256 \}/);
    assert.match(contractMisfit(alone) ?? '', /card number/);
  });
}

test('epoch milliseconds that pass the Luhn check are instants, and random long numbers are identifiers', () => {
  const times = propose(records({ ...base, ts: [1_769_853_600_003] }, 1));
  assert.deepEqual(times.cardNumbers, []);
  const ids = Array.from({ length: 6 }, (_, index) => `100000000000000${index}`);
  assert.equal(pathOf(propose(records({ ...base, id: ids })), 'transaction_id'), 'id');
});

test('addresses, countries, codes and words are known by names and values', () => {
  const proposal = propose([
    ...records({
      ...base,
      client_ip: ['192.0.2.1', '2001:db8::1'],
      server_ip: ['192.0.2.9'],
      merchantCountry: ['de', 'FR'],
      issuer_country: ['US'],
      country: ['US'],
      mcc: [742, 5411],
      salesChannel: ['WEB', 'IN_STORE'],
      isFraud: ['F', 'G'],
    }),
  ]);
  const paths = Object.fromEntries(
    proposal.fields.map(({ target, columns }) => [target, columns[0]?.path]),
  );
  assert.equal(paths.source_ip, 'client_ip');
  assert.equal(paths.card_country, 'issuer_country');
  assert.deepEqual(fieldOf(proposal, 'merchant_country')?.values, [
    ['de', 'DE'],
    ['FR', 'FR'],
  ]);
  assert.equal(paths.mcc, 'mcc');
  assert.deepEqual(fieldOf(proposal, 'channel')?.values, [
    ['WEB', 'ecom'],
    ['IN_STORE', 'pos'],
  ]);
  assert.deepEqual(fieldOf(proposal, 'is_fraud')?.truth, { fraud: ['F'], genuine: ['G'] });
  const reasons = Object.fromEntries(
    proposal.unassigned.map(({ field, reason }) => [field.path, reason]),
  );
  assert.match(reasons.country ?? '', /card_country or merchant_country/);
  assert.ok('server_ip' in reasons);
});

test('currencies come as codes, in small letters, and as ISO 4217 numbers; obsolete ones are not assigned', () => {
  assert.equal(fieldOf(propose(records(base)), 'currency')?.values, undefined);
  for (const [value, ours] of [
    ['usd', 'USD'],
    [978, 'EUR'],
    ['036', 'AUD'],
  ] as const) {
    const found = fieldOf(propose(records({ ...base, currency: [value] })), 'currency');
    assert.deepEqual(found?.values, [[String(value), ours]]);
  }
  const old = propose(records({ ...base, currency: ['EUR', 'ZWD'] }));
  assert.equal(fieldOf(old, 'currency'), undefined);
  assert.match(old.unassigned[0]?.reason ?? '', /ISO 4217/);
});

test('a word that a contract could not read is not assigned there; a mapping leaves it absent', () => {
  const proposal = withField('channel', 'WEB', 'STORE', 'QX7');
  const contract = contractText(proposal, { origin: 'x', format: 'json' });
  assert.match(contract, /channel: \{ choose: \[WEB, STORE, QX7\] \} +# not assigned/);
  assert.match(mappingText(proposal, 'x', 'salt'), /channel: .*no value of ours for QX7/);
  const known = contractText(withField('channel', 'WEB', 'STORE'), { origin: 'x', format: 'json' });
  assert.match(known, /values: \{ ecom: "WEB", pos: "STORE" \}/);
});

test('an identifier that comes twice identifies no transaction', () => {
  const proposal = propose(records({ ...base, id: ['a', 'b'] }));
  assert.equal(fieldOf(proposal, 'transaction_id'), undefined);
  assert.match(contractMisfit(proposal) ?? '', /identifies/);
});

test('a few records make nothing sure', () => {
  const proposal = propose(records(base, 2));
  assert.ok(proposal.fields.every(({ certainty }) => certainty !== 'sure'));
});

test('hostile names and values stay within their line of YAML', () => {
  const odd = 'a: b\n  evil: { x: "1" } # \u2028';
  const proposal = propose(records({ ...base, [odd]: ['$x', 'y\nz: 1'] }));
  for (const text of [
    mappingText(proposal, 'x\ny: 1', 'salt'),
    contractText(proposal, { origin: 'x\ny: 1', format: 'json' }),
  ]) {
    assert.doesNotMatch(text, /^\s*(evil|y|z):/m);
  }
  assert.equal(propose([]).fields.length, 0);
});
