import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identifierText, isCardNumber, joined, saltedHash } from './identifier.ts';
import { NumberText } from './number-text.ts';
import { parsePointer, readAt } from './pointer.ts';
import { UnreadableValue } from './unreadable-value.ts';
import { valueMap } from './value-map.ts';

const at = (pointer: string, value: unknown): unknown => readAt(parsePointer(pointer), value);

test('a pointer is RFC 6901 or dotted, and a name with a dot stays within reach', () => {
  const value = {
    card: { id: 'c1', 'a/b': 1, 'm~n': 2 },
    'x.y': 3,
    x: { y: 4 },
    items: [{ id: 5 }],
  };
  assert.equal(at('/card/id', value), 'c1');
  assert.equal(at('card.id', value), 'c1');
  assert.equal(at('/card/a~1b', value), 1);
  assert.equal(at('/card/m~0n', value), 2);
  assert.equal(at('x.y', value), 3);
  assert.equal(at('/x/y', value), 4);
  assert.equal(at('/x.y', value), 3);
  assert.equal(at('/items/0/id', value), 5);
  assert.equal(at('items.0.id', value), 5);
  assert.equal(at('', value), value);
  for (const none of [
    '/items/00/id',
    '/items/-1',
    '/card/id/0',
    '/toString',
    'constructor.name',
    '/',
  ]) {
    assert.equal(at(none, value), undefined, none);
  }
  assert.throws(() => parsePointer('/a~2'), /neither ~0/);
});

test('an identifier is the text that stands there, whatever its type', () => {
  for (const [value, text] of [
    ...[
      ['c1', 'c1'],
      [12, '12'],
      [12345678901234567890n, '12345678901234567890'],
      [true, 'true'],
    ],
    ...[
      [new NumberText('1.0'), '1.0'],
      [1.5, '1.5'],
      [Buffer.from('012'), '012'],
      ['007', '007'],
    ],
    ...[
      [Buffer.from([1, 255]), '0x01ff'],
      [new NumberText('12345678901234567890'), '12345678901234567890'],
    ],
    ...[
      ['5E10', '5E10'],
      ['12e4567890', '12e4567890'],
      ['Nancy', 'Nancy'],
      ['c\u{1f600}1', 'c\u{1f600}1'],
    ],
  ] as const) {
    assert.equal(identifierText(value), text);
  }
  for (const value of [
    ...[{}, { id: 'c1' }, [], ['c1'], null, undefined, Number.NaN, Infinity, 1e21, 2 ** 53 + 2],
    ...[
      'c\ud83d',
      '\ude00c',
      'NaN',
      'NULL',
      '\\N',
      'null',
      'None',
      '2.70319E+15',
      '2.70319E15',
      '1e+21',
      new NumberText('1e3'),
    ],
  ]) {
    assert.ok(identifierText(value) instanceof UnreadableValue, String(value));
  }
});

test('joined parts cannot be taken for other parts', () => {
  assert.equal(joined(['a', 'b', undefined], '|'), 'a|b|');
  assert.equal(joined([undefined, undefined], '|'), undefined);
  assert.ok(joined(['a|b', 'c'], '|') instanceof UnreadableValue);
});

test('a salted hash is HMAC-SHA256, as RFC 4231 has it', () => {
  const digest = '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843';
  assert.equal(saltedHash('what do ya want for nothing?', 'Jefe'), digest);
});

test('card numbers are 13 to 19 digits with a right check digit', () => {
  for (const text of [
    '4111111111111111',
    '4111 1111 1111 1111',
    '5500-0000-0000-0004',
    '4222222222222',
  ]) {
    assert.equal(isCardNumber(text), true, text);
  }
  for (const text of [
    '4111111111111112',
    '411111111111',
    '41111111111111110000',
    'c4111111111111111',
    '0'.repeat(16),
    '',
    '4111  111111111111',
  ]) {
    assert.equal(isCardNumber(text), false, text);
  }
});

test('a value map gives ours for theirs, and back where that is one to one', () => {
  const map = valueMap({
    values: [
      ['TRANSFER', 'purchase'],
      ['1', 'refund'],
    ],
  });
  assert.equal(map.read('TRANSFER'), 'purchase');
  assert.equal(map.read(1), 'refund');
  assert.equal(map.read('1.0'), 'refund');
  assert.ok(map.read('DEBIT') instanceof UnreadableValue);
  assert.equal(map.write('purchase'), 'TRANSFER');
  assert.equal(map.isInvertible, true);
  const lossy = valueMap({
    values: [
      ['A', 'x'],
      ['B', 'x'],
    ],
    default: 'y',
  });
  assert.equal(lossy.read('Z'), 'y');
  assert.equal(lossy.isInvertible, false);
  assert.ok(map.read({}) instanceof UnreadableValue);
  assert.throws(
    () =>
      valueMap({
        values: [
          ['1', 'a'],
          ['1.0', 'b'],
        ],
      }),
    /twice/,
  );
});
