import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../generators/numbers/random.ts';
import { type AmountSpec, amountFormat } from './amount-format.ts';
import { NumberText } from './number-text.ts';
import { UnreadableValue } from './unreadable-value.ts';

function read(spec: Partial<AmountSpec>, value: unknown, currency = 'USD'): number | string {
  const found = amountFormat({ as: 'decimal', ...spec }).read(value, currency);
  return found instanceof UnreadableValue ? found.reason : found;
}

test('a point is no decimal point where another separator is given', () => {
  const german = { thousands: '.', decimalSeparator: ',' };
  assert.equal(read(german, '1.204,75'), 120_475);
  assert.equal(read(german, '1204'), 120_400);
  for (const spec of [german, { decimalSeparator: ',' }]) {
    assert.match(String(read(spec, '12.50')), /must be an amount/);
  }
});

test('an amount in whole units becomes minor units by the exponent of its currency', () => {
  const cases: ReadonlyArray<readonly [unknown, string, number]> = [
    ...([
      ['12.5', 'USD', 1250],
      ['700', 'JPY', 700],
      ['1.5', 'KWD', 1500],
    ] as const),
    ...([
      ['.99', 'USD', 99],
      ['99.', 'USD', 9900],
      ['1e3', 'USD', 100_000],
    ] as const),
    ...([
      ['-38.48', 'USD', -3848],
      ['+1.00', 'USD', 100],
      [12.5, 'USD', 1250],
    ] as const),
    ...([
      ['12.500', 'USD', 1250],
      ['007', 'JPY', 7],
      [' 1.00 ', 'USD', 100],
    ] as const),
    ...([
      [new NumberText('12.50'), 'USD', 1250],
      [19n, 'USD', 1900],
      ['-0', 'USD', 0],
    ] as const),
  ];
  for (const [value, currency, minor] of cases) {
    assert.equal(read({}, value, currency), minor, String(value));
  }
});

test('symbol, thousands and decimal comma are read where they are named, and only there', () => {
  const dollars = { symbol: '$', thousands: ',' };
  for (const [text, minor] of [
    ...([
      ['$134.09', 13_409],
      ['$-38.48', -3848],
      ['-$38.48', -3848],
      ['$1,120.34', 112_034],
    ] as const),
    ...([
      ['($5.00)', -500],
      ['12', 1200],
      ['$ 7', 700],
      ['1,234,567.00', 123_456_700],
    ] as const),
  ]) {
    assert.equal(read(dollars, text), minor, text);
  }
  const euros = { symbol: '€', thousands: '.', decimalSeparator: ',' };
  assert.equal(read(euros, '1.120,34 €', 'EUR'), 112_034);
  assert.equal(read({ symbol: 'EUR' }, '12 EUR', 'EUR'), 1200);
  assert.equal(read({ decimalSeparator: ',' }, '1,50', 'EUR'), 150);
  assert.equal(read({ thousands: ' ' }, '1\u202f234.00', 'EUR'), 123_400);
  for (const text of [
    '1,12.00',
    '1,1234',
    ',100',
    '$$1',
    '--1',
    '$-+1',
    '1.2.3',
    '1 000',
    'x',
    '',
  ]) {
    assert.equal(typeof read(dollars, text), 'string', text);
  }
  assert.match(String(read({}, '$134.09')), /symbol: "\$"/);
  assert.match(String(read({}, '1,120.34')), /thousands: ","/);
  assert.match(String(read({}, '1,50')), /decimal: ","/);
  for (const odd of [null, true, {}, [], 'NaN', 'Infinity', '0x10', '1_000', Number.NaN]) {
    assert.equal(typeof read({}, odd), 'string', String(odd));
  }
});

test('the printing of the double nearest to an amount is that amount, and no other fraction is', () => {
  assert.equal(read({}, '19.989999999999998'), 1999);
  assert.equal(read({}, '87.700000000000003'), 8770);
  assert.equal(read({}, '0.1000000000000000055511151231257827'), 10);
  assert.equal(read({}, 87.7), 8770);
  for (const text of [
    '87.69999999999999',
    '12.505',
    '19.9900000000000002',
    '0.30000000000000004',
  ]) {
    assert.match(String(read({}, text)), /amount-rounding: half-even/, text);
  }
  assert.match(String(read({}, '12.5', 'JPY')), /JPY has 0 decimals/);
});

test('half-even rounds to the nearest minor unit and says so', () => {
  for (const [text, minor] of [
    ...([
      ['87.69999999999999', 8770],
      ['12.505', 1250],
      ['12.515', 1252],
      ['0.005', 0],
    ] as const),
    ...([
      ['0.015', 2],
      ['12.5050000001', 1251],
      ['-12.515', -1252],
      ['0.999', 100],
    ] as const),
  ]) {
    let rounded = 0;
    const format = amountFormat({ as: 'decimal', rounding: 'half-even' });
    const count = (): void => {
      rounded += 1;
    };
    assert.equal(format.read(text, 'USD', count), minor, text);
    assert.equal(rounded, 1);
    assert.equal(format.read('1.00', 'USD', count), 100);
    assert.equal(rounded, 1);
  }
});

test('minor units are whole, however they are written', () => {
  for (const [value, minor] of [
    ['1250', 1250],
    ['1250.0', 1250],
    [1250, 1250],
    ['1e3', 1000],
  ] as const) {
    assert.equal(read({ as: 'minor' }, value), minor);
  }
  for (const value of ['12.5', '0x10', 'true', 2 ** 53, '9007199254740993', true]) {
    assert.equal(typeof read({ as: 'minor' }, value), 'string', String(value));
  }
});

test('what is written is read as the same amount, over 10,000 amounts of each currency form', () => {
  const random = new Random(21, 0);
  for (const as of ['number', 'decimal', 'minor'] as const) {
    const format = amountFormat({ as });
    for (const currency of ['USD', 'JPY', 'KWD']) {
      for (let count = 0; count < 10_000; count += 1) {
        const minor = random.below(2 ** 31) * random.below(1_000);
        assert.equal(format.read(format.write(minor, currency), currency), minor);
      }
    }
  }
  const comma = amountFormat({ as: 'decimal', decimalSeparator: ',' });
  assert.equal(comma.write(1205, 'EUR'), '12,05');
  assert.equal(comma.read('12,05', 'EUR'), 1205);
});

test('separators that contradict one another are refused', () => {
  assert.throws(() => amountFormat({ as: 'decimal', thousands: '.' }), /decimal separator/);
  assert.throws(() => amountFormat({ as: 'decimal', thousands: '5' }), /not a separator/);
  assert.throws(() => amountFormat({ as: 'decimal', symbol: '-' }), /not a currency symbol/);
});
