import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineBlocks } from '../../dist/generators/line-blocks.js';
import { linesOf } from '../../dist/generators/lines/line-block.js';
import { ipRanges } from '../../dist/geoip/ip-ranges.js';

const EVENTS = 10_000_000;
const MASK = 0xffffffff;

/** Networks that no public host has: first address and bits. Source: RFC 6890 and IANA's registry. */
const reserved: readonly (readonly [first: number, bits: number])[] = (
  [
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['224.0.0.0', 3],
  ] as const
).map(([network, bits]) => [v4Number(network), bits]);

test(`${EVENTS} transactions: no id twice, no reserved address, no card number`, async () => {
  const found = { reserved: [] as string[], unknown: [] as string[], luhn: [] as string[] };
  const ids = new Uint32Array(2 * EVENTS);
  const table = ipRanges();
  let count = 0;
  for await (const text of texts()) {
    for (const [, id = ''] of text.matchAll(/"transaction_id":"(\w+)"/g)) {
      ids[2 * count] = fingerprint(id, 0x811c9dc5);
      ids[2 * count + 1] = fingerprint(id, 0x2545f491);
      count += 1;
    }
    for (const [, address = ''] of text.matchAll(/"source_ip":"([^"]+)"/g)) {
      if (isReserved(address)) found.reserved.push(address);
      if (table.lookup(address) === undefined) found.unknown.push(address);
    }
    found.luhn.push(...(text.match(/\d{13,}/g) ?? []).filter(hasLuhn));
  }
  assert.equal(count, EVENTS);
  assert.deepEqual(found, { reserved: [], unknown: [], luhn: [] });
  assert.equal(repeated(ids), 0, 'ids of equal fingerprints (64 bits)');
});

/** The lines of so many transactions, in pieces. */
async function* texts(): AsyncGenerator<string> {
  let count = 0;
  for await (const block of lineBlocks({ seed: 'ten million', cards: 100_000 }, { threads: 2 })) {
    const [track] = block.tracks;
    if (!track) throw new Error('a block has a track');
    const lines = Math.min(block.count, EVENTS - count);
    yield Buffer.from(linesOf(track, lines)).toString('latin1');
    count += lines;
    if (count === EVENTS) return;
  }
}

/** IPv6 hosts are within 2000::/3, but for what is set aside there. */
function isReserved(address: string): boolean {
  if (!address.includes(':')) {
    const number = v4Number(address);
    return reserved.some(([first, bits]) => number >= first && number < first + 2 ** (32 - bits));
  }
  const [first = 0, second = 0] = address
    .split(':')
    .map((group) => Number.parseInt(group, 16) || 0);
  const isTunnel = first === 0x2002 || (first === 0x2001 && (second < 0x200 || second === 0xdb8));
  return first >>> 13 !== 1 || isTunnel || (first === 0x3fff && second < 0x1000);
}

function v4Number(address: string): number {
  return address.split('.').reduce((number, part) => number * 256 + Number(part), 0);
}

/** FNV-1a from a basis, its bits mixed once more: 32 bits of the 64 of an identifier. */
function fingerprint(id: string, basis: number): number {
  let hash = basis;
  for (let place = 0; place < id.length; place += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(place), 0x01000193);
  }
  return (hash ^ (hash >>> 15)) & MASK;
}

/** How many fingerprints occur again. */
function repeated(halves: Uint32Array): number {
  const sorted = new BigUint64Array(halves.buffer).sort();
  let count = 0;
  for (let place = 1; place < sorted.length; place += 1) {
    if (sorted[place] === sorted[place - 1]) count += 1;
  }
  return count;
}

/** True when 13 to 19 digits in a row pass the check of ISO/IEC 7812. */
function hasLuhn(run: string): boolean {
  for (let length = 13; length <= 19; length += 1) {
    for (let from = 0; from + length <= run.length; from += 1) {
      if (isLuhn(run.slice(from, from + length))) return true;
    }
  }
  return false;
}

function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 1 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
