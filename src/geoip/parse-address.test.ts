import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import { parseAddress, V6 } from './parse-address.ts';

/** Whole numbers below `limit`, the same on every run. */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

const cases: readonly (readonly [text: string, number: number])[] = [
  ['0.0.0.0', 0],
  ['192.0.2.1', 0xc0000201],
  ['255.255.255.255', 0xffffffff],
  ['::', V6],
  ['::1', V6],
  ['2001:db8::1', V6 + 0x20010db80000],
  ['2001:DB8:A:b::', V6 + 0x20010db8000a],
  ['1::3:4:5:6:7:8', V6 + 0x000100000003],
  ['::2:3:4:5:6:7:8', V6 + 0x000000020003],
  ['ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255', V6 + 0xffffffffffff],
  ['::ffff:192.0.2.1', 0xc0000201],
  ['::ffff:c000:201', 0xc0000201],
  ['0:0:0:0:0:ffff:192.0.2.1', 0xc0000201],
  ['::192.0.2.1', V6],
];

for (const [text, number] of cases) {
  test(`${text} is the number ${number.toString(16)}`, () => {
    assert.equal(parseAddress(text), number);
  });
}

const malformed = [
  ...[
    '',
    '.',
    '1.2.3',
    '1.2.3.',
    '.1.2.3',
    '1..2.3',
    '1.2.3.4.5',
    '1.2.3.4 ',
    '01.2.3.4',
    '1.2.3.256',
  ],
  ...[
    '1.2.3.0x4',
    '٣.1.1.1',
    ':',
    ':::',
    '1:',
    ':1',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '1::2::3',
  ],
  ...[
    '12345::',
    '::g',
    '1:2:3:4:5:6:7::8',
    '::1.2.3',
    '::.1',
    'b::.b',
    '1.2.3.4::',
    '::1.2.3.4:5',
    'null',
  ],
  'fe80::1%eth0',
];

for (const text of malformed) {
  test(`"${text}" is no address`, () => assert.ok(Number.isNaN(parseAddress(text))));
}

test('of random texts, whole and broken, those are addresses that Node takes for addresses', () => {
  const roll = dice(1);
  const counts = { address: 0, other: 0 };
  for (let turn = 0; turn < 300_000; turn += 1) {
    const text = randomText(roll);
    const isAddress = isIP(text) !== 0;
    counts[isAddress ? 'address' : 'other'] += 1;
    assert.equal(!Number.isNaN(parseAddress(text)), isAddress, text);
  }
  assert.ok(counts.address > 20_000 && counts.other > 20_000, JSON.stringify(counts));
});

function randomText(roll: (limit: number) => number): string {
  const items = <T>(count: number, item: () => T): T[] => Array.from({ length: count }, item);
  const dotted = (): string => items(3 + roll(8 / 3), () => roll(280)).join('.');
  if (roll(3) === 0) return dotted();
  if (roll(4) === 0) return items(roll(20), () => '0123456789abF.::'.charAt(roll(16))).join('');
  const groups = items(2 + roll(8), () => roll(70_000).toString(16));
  if (roll(2) === 0) groups[roll(groups.length)] = '';
  if (roll(4) === 0) groups.push(dotted());
  return (roll(4) === 0 ? '::' : '') + groups.join(':');
}
