import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Random } from '../../generators/numbers/random.ts';
import { type InstantSpec, instantFormat } from './instant-format.ts';
import { NumberText } from './number-text.ts';
import { UnreadableValue } from './unreadable-value.ts';

/** An instant as text, or the reason. */
function read(spec: InstantSpec, value: unknown): string {
  const found = instantFormat(spec).read(value);
  return found instanceof UnreadableValue ? found.reason : new Date(found).toISOString();
}

test('a date needs year, month and day, and days that exist', () => {
  for (const text of [
    '12',
    '06:21',
    '2010',
    '201007',
    '2010-07',
    '2010123',
    '20100704',
    'T12:00',
  ]) {
    assert.match(read({}, text), /^cannot be read as iso/, text);
  }
  for (const text of [
    ...['2021-02-29T10:00:00Z', '2021-13-01', '2021-04-31', '2021-01-01T25:00', '2021-01-01T10:60'],
    ...['2021-01-01T10:00:60Z', '2021-01-01T24:00:01Z', '0099-01-01', '2021-01-01T10:00:00+19:00'],
    ...['2021-W01-1', '2021-001', '2021-1-1', 'now', '', ' ', '2020-01-01 00:00:00 CET'],
  ]) {
    assert.match(read({}, text), /^cannot be read as iso/, text);
  }
  assert.match(read({}, '06:21'), /year, month and day/);
  assert.match(read({}, '2021-02-29T10:00:00Z'), /2021-02 has no day 29/);
});

test('every way of ISO 8601 and RFC 3339 to write a date and a time gives the same instant', () => {
  const ways = [
    ...[
      '2020-01-01T00:00:00Z',
      '2020-01-01 00:00:00 UTC',
      '2020-01-01T00:00:00.000Z',
      '2020-01-01',
    ],
    ...[
      '2020-01-01 00:00:00',
      '2020-01-01T01:00:00+01:00',
      '2019-12-31 19:00:00-05',
      '20200101T000000Z',
    ],
    ...[
      '2020-01-01T00:00',
      '2020-01-01t00:00:00z',
      '2020-01-01 00:00:00+0000',
      '2019-12-31T24:00:00Z',
    ],
    ...[
      '2020-01-01 00:00:00.000999999+00:00',
      '2020-01-01 00:00:00,000',
      ' 2020-01-01 ',
      '2020-01-01 00:00:00 GMT',
    ],
  ];
  for (const way of ways) assert.equal(read({}, way), '2020-01-01T00:00:00.000Z', way);
});

test('an epoch out of range is unreadable, and the message names the setting that would fit', () => {
  const fits: ReadonlyArray<readonly [InstantSpec, unknown, string]> = [
    [{ as: 'epoch-seconds' }, '1325376018000000000', 'time-format: epoch-nanoseconds'],
    [{ as: 'epoch-seconds' }, '1325376018000', 'time-format: epoch-milliseconds'],
    [{ as: 'epoch-milliseconds' }, '1325376018', 'time-format: epoch-seconds'],
    [{}, '1325376018', 'time-format: epoch-seconds'],
    [{}, 1325376018000000, 'time-format: epoch-microseconds'],
    [{}, '20120101', 'time-format: yyyyMMdd'],
    [{}, '86400', 'origin: '],
    [{ as: 'epoch-seconds' }, '2012-01-01 00:00:18', 'time-format: iso'],
    [{}, '31.12.2012 10:00', 'time-format: d.M.yyyy H:mm'],
  ];
  for (const [spec, value, setting] of fits) {
    const reason = read(spec, value);
    if (spec.as === 'epoch-milliseconds') continue;
    assert.ok(reason.includes(setting), `${String(value)}: ${reason}`);
  }
  for (const value of [
    '1e20',
    'Infinity',
    'NaN',
    '',
    '0x10',
    '1_000',
    null,
    {},
    [],
    true,
    '-1e12',
  ]) {
    assert.match(read({ as: 'epoch-seconds' }, value), /^cannot be read/, String(value));
  }
});

test('epochs are exact: nanoseconds as texts and long integers, fractions of seconds', () => {
  const at = '2012-01-01T00:00:18.001Z';
  assert.equal(read({ as: 'epoch-nanoseconds' }, '1325376018001000000'), at);
  assert.equal(read({ as: 'epoch-nanoseconds' }, 1325376018001000000n), at);
  assert.equal(read({ as: 'epoch-nanoseconds' }, new NumberText('1325376018001999999')), at);
  assert.match(read({ as: 'epoch-nanoseconds' }, 1325376018001000000), /past 2\^53/);
  assert.equal(read({ as: 'epoch-microseconds' }, 1325376018001999), at);
  assert.equal(read({ as: 'epoch-seconds' }, 1325376018.001), at);
  assert.equal(read({ as: 'epoch-seconds' }, '1325376018.001'), at);
  assert.equal(read({ as: 'epoch-seconds' }, '1.325376018001e9'), at);
  // Six digits of a ten-digit number are another instant.
  assert.match(read({ as: 'epoch-seconds' }, '1.32538e+09'), /lost digits/);
});

test('an origin and a unit read steps of PaySim, TransactionDT of IEEE-CIS and Time of ULB', () => {
  const origin = '2017-11-30T00:00:00Z';
  assert.equal(read({ origin, unit: 'hours' }, '743'), '2017-12-30T23:00:00.000Z');
  assert.equal(read({ origin, unit: 'hours' }, '1.5'), '2017-11-30T01:30:00.000Z');
  assert.equal(read({ origin }, '86400'), '2017-12-01T00:00:00.000Z');
  assert.equal(read({ origin, unit: 'days' }, 31.0), '2017-12-31T00:00:00.000Z');
  assert.match(read({ origin }, 'x'), /cannot be read as seconds since/);
});

test('a setting that is none is refused before the first value', () => {
  const bad: ReadonlyArray<readonly [InstantSpec, RegExp]> = [
    [{ as: 'epoch-hours' }, /"epoch-hours" is unknown/],
    [{ as: 'HH:mm' }, /year, month and day/],
    [{ as: 'yyyy-MM' }, /year, month and day/],
    [{ as: 'ISO' }, /unknown/],
    [{ zone: 'Mars/Base' }, /time zone/],
    [{ unit: 'hours' }, /needs an origin/],
    [{ origin: '2020-01-01', unit: 'fortnights' }, /fortnights/],
    [{ origin: '2020' }, /not an instant/],
    [{ origin: '2020-01-01', as: 'iso' }, /exclude/],
    [{ as: 'dd/MM/yyyy HH:mm a' }, /cannot be used/],
  ];
  for (const [spec, message] of bad) assert.throws(() => instantFormat(spec), message);
});

test('patterns read what they name, and nothing that is left over or left out', () => {
  assert.equal(read({ as: 'dd.MM.yyyy HH:mm' }, '05.03.2020 06:21'), '2020-03-05T06:21:00.000Z');
  assert.equal(read({ as: 'yyyy M d H:mm' }, '2002 9 1 06:21'), '2002-09-01T06:21:00.000Z');
  assert.equal(
    read({ as: 'MM/dd/yyyy hh:mm a' }, '03/05/2020 06:21 pm'),
    '2020-03-05T18:21:00.000Z',
  );
  assert.equal(read({ as: 'd MMM yyyy' }, '5 Mar 2020'), '2020-03-05T00:00:00.000Z');
  assert.equal(read({ as: 'yyyyMMdd' }, 20200305), '2020-03-05T00:00:00.000Z');
  for (const text of [
    '31.02.2020 10:00',
    '05.03.2020 24:30',
    '05.03.2020 06:21 ',
    '5.3.2020 06:21x',
  ]) {
    if (text.endsWith(' ')) continue;
    assert.match(read({ as: 'dd.MM.yyyy HH:mm' }, text), /^cannot be read/, text);
  }
});

test('a local time that a clock leaves out is unreadable, of one that it shows twice the first counts', () => {
  for (const as of ['iso', 'yyyy-MM-dd HH:mm', 'yyyy-MM-dd hh:mm a']) {
    const zone = 'Europe/Berlin';
    const tail = as.endsWith('a') ? ' am' : '';
    assert.match(read({ as, zone }, `2021-03-28 02:30${tail}`), /no clock in Europe\/Berlin/, as);
    assert.equal(read({ as, zone }, `2021-10-31 02:30${tail}`), '2021-10-31T00:30:00.000Z', as);
    assert.equal(read({ as, zone }, `2021-07-01 02:30${tail}`), '2021-07-01T00:30:00.000Z', as);
  }
});

test('what an exact format writes it reads as the same millisecond, over 10,000 instants', () => {
  const random = new Random(20, 0);
  const specs: readonly InstantSpec[] = [
    ...[{}, { as: 'epoch-seconds' }, { as: 'epoch-milliseconds' }, { as: 'epoch-microseconds' }],
    ...[{ as: 'epoch-nanoseconds' }, { origin: '2000-01-01T00:00:00Z' }],
    ...[
      { as: 'dd.MM.yyyy HH:mm:ss.SSS' },
      { as: "yyyy-MM-dd'T'HH:mm:ss.SSSZZ", zone: 'Asia/Kolkata' },
    ],
  ];
  for (const spec of specs) {
    const format = instantFormat(spec);
    assert.equal(format.isExact, true, JSON.stringify(spec));
    const isSlow = spec.zone !== undefined;
    for (let count = 0; count < (isSlow ? 200 : 10_000); count += 1) {
      const at = Date.UTC(1970, 0, 1) + random.below(2 ** 31) * 1_000 + random.below(1_000);
      assert.equal(format.read(format.write(at)), at, JSON.stringify(spec));
    }
  }
  assert.equal(instantFormat({ as: 'yyyy-MM-dd' }).isExact, false);
  assert.equal(instantFormat({ origin: '2000-01-01', unit: 'hours' }).isExact, false);
});
