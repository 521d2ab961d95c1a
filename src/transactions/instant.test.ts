import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../generators/numbers/random.ts';
import { instantMs, instantText } from './instant.ts';

test('instants are read as Date.parse reads them, over all days of four centuries', () => {
  const dayMs = 86_400_000;
  for (
    let day = Date.UTC(1899, 11, 31);
    day < Date.UTC(2301, 0, 1);
    day += 37 * dayMs + 12_345_678
  ) {
    assert.equal(instantMs(new Date(day).toISOString()), day);
  }
  for (const text of [
    '2024-02-29T23:59:59.999Z',
    '2000-02-29T00:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
  ]) {
    assert.equal(instantMs(text), Date.parse(text));
  }
});

test('what is no instant of that form, or no day, is none', () => {
  const texts = [
    ...[
      '',
      '2026-01-01',
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.000',
      '2026-01-01T00:00:00.000z',
    ],
    ...['2026-02-29T00:00:00.000Z', '2100-02-29T00:00:00.000Z', '2026-04-31T00:00:00.000Z'],
    ...['2026-13-01T00:00:00.000Z', '2026-00-01T00:00:00.000Z', '2026-01-00T00:00:00.000Z'],
    ...['2026-01-01T24:00:00.000Z', '2026-01-01T00:60:00.000Z', '2026-01-01T00:00:60.000Z'],
    ...['2026-01-01 00:00:00.000Z', '2026/01/01T00:00:00.000Z', '2026-01-01T00:00:00.00xZ'],
    ...['+026-01-01T00:00:00.000Z', '2026-01-01T00:00:00,000Z', '0026-01-01T00:00:00.000Z'],
  ];
  for (const text of texts) {
    assert.ok(Number.isNaN(instantMs(text)), text);
    // What was read before decides nothing.
    assert.equal(instantMs('2026-01-01T00:00:00.001Z'), Date.UTC(2026, 0, 1) + 1);
    assert.ok(Number.isNaN(instantMs(text)), text);
  }
});

test('the text of an instant is that of Date, before 1970 and at the ends of days too', () => {
  const random = new Random(4, 0);
  const day = 86_400_000;
  for (let time = 0; time < 20_000; time += 1) {
    const at = (random.below(2 ** 31) - 2 ** 30) * 1_000 + random.below(1_000);
    for (const ms of [at, Math.floor(at / day) * day, Math.floor(at / day) * day - 1]) {
      assert.equal(instantText(ms), new Date(ms).toISOString());
    }
  }
});
