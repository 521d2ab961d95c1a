import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { FraudstreamError } from '../errors.ts';
import { type AddressKind, addressKinds, addressTable } from './address-table.ts';
import { ipRanges } from './ip-ranges.ts';
import type { IpSpace } from './ip-space.ts';
import { startsOf } from './table-file.ts';

const root = join(import.meta.dirname, '..', '..');
const path = join(root, 'assets', 'ip-ranges.bin');
const table = ipRanges();

const known: readonly (readonly [address: string, country: string, kind: AddressKind])[] = [
  ['8.8.8.8', 'US', addressKinds.hosting],
  ['73.0.0.1', 'US', addressKinds.consumer],
  ['87.128.0.1', 'DE', addressKinds.consumer],
  ['::ffff:87.128.0.1', 'DE', addressKinds.consumer],
  ['100.128.0.1', 'US', addressKinds.mobile],
  ['193.138.218.1', 'SE', addressKinds.anonymiser],
  ['2003:0:1::1', 'DE', addressKinds.consumer],
  ['2601::1', 'US', addressKinds.consumer],
  ['2a01:4f8::1', 'DE', addressKinds.hosting],
];

for (const [address, country, kind] of known) {
  test(`${address} is of ${country}, and of kind ${kind}`, () => {
    assert.deepEqual(table.lookup(address), { country, kind });
  });
}

// RFC 6890, the first and the last address of each network; for IPv6 also what is not delegated.
const reserved = [
  ...['0.0.0.0', '0.255.255.255', '10.0.0.0', '10.255.255.255', '100.64.0.0', '100.127.255.255'],
  ...['127.0.0.0', '127.255.255.255', '169.254.0.0', '169.254.255.255', '172.16.0.0'],
  ...['172.31.255.255', '192.0.0.0', '192.0.0.255', '192.0.2.0', '192.0.2.255', '192.88.99.0'],
  ...['192.88.99.255', '192.168.0.0', '192.168.255.255', '198.18.0.0', '198.19.255.255'],
  ...['198.51.100.0', '198.51.100.255', '203.0.113.0', '203.0.113.255', '224.0.0.0'],
  ...['239.255.255.255', '240.0.0.0', '255.255.255.255', '::', '::1', '64:ff9b::1', '100::1'],
  ...['1fff:ffff::', '2001::1', '2001:1ff:ffff::', '2001:db8::', '2001:db8:ffff:ffff::'],
  ...['2002::', '2002:ffff:ffff::', '3fff::1', '3fff:fff:ffff::', '4000::', 'fc00::1', 'fe80::1'],
  ...['ff02::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
];

test('a reserved address is of nobody', () => {
  for (const address of reserved) assert.equal(table.lookup(address), undefined, address);
});

test('what is no address is of nobody', () => {
  for (const text of ['', 'localhost', '1.2.3', '1:2']) assert.equal(table.lookup(text), undefined);
});

test('the first and the last address of a run are of its owner', () => {
  const { v4, countries } = table;
  const starts = startsOf(v4, 2 ** 16);
  for (const run of v4.countries.keys()) {
    const code = countries[(v4.countries[run] as number) - 1];
    for (const address of [starts[run] as number, (starts[run + 1] as number) - 1]) {
      assert.equal(table.lookupNumber(address)?.country, code, String(address));
    }
  }
});

test('the table names its sources and their date, and takes no more than 400 kB', () => {
  assert.match(table.date, /^20\d\d[01]\d[0-3]\d$/);
  assert.match(table.sources, /@ip-location-db\/asn-country \d/);
  assert.equal(table.v4Length, 24);
  assert.ok(readFileSync(path).length <= 400_000);
});

test('lookup says what it said when the vectors for other implementations were made', () => {
  const vectors = readFileSync(join(root, 'fixtures', 'addresses', 'lookups.ndjson'), 'utf8');
  const tables = { public: table, documentation: ipRanges('documentation') };
  const rows = vectors.trim().split('\n');
  for (const row of rows) {
    const { space, address, country, kind }: Vector = JSON.parse(row);
    const network = tables[space].lookup(address);
    assert.deepEqual([network?.country ?? null, network?.kind ?? null], [country, kind], row);
  }
  assert.ok(rows.length > 500);
});

/** A line of the vectors. */
interface Vector {
  readonly space: IpSpace;
  readonly address: string;
  readonly country: string | null;
  readonly kind: number | null;
}

/** The file with one change, and a checksum that is right again if `isSealed`. */
function bent(at: number, value: number, isSealed: boolean): Uint8Array {
  const file = readFileSync(path);
  file[at] = value;
  if (isSealed) createHash('sha256').update(file.subarray(37)).digest().copy(file, 5);
  return file;
}

const bad: readonly (readonly [what: string, bytes: () => Uint8Array, message: RegExp])[] = [
  ['a file with one wrong byte', () => bent(200_000, 0, false), /damaged: its SHA-256 is [0-9a-f]/],
  ['a file cut off', () => readFileSync(path).subarray(0, 100_000), /damaged/],
  ['a file of another version', () => bent(4, 9, true), /has version 9, not 2/],
  ['a file of something else', () => Buffer.from('{}'), /no table of IP ranges: 2 bytes/],
  ['an empty file', () => new Uint8Array(0), /no table of IP ranges: 0 bytes/],
];

for (const [what, bytes, message] of bad) {
  test(`${what} is refused, with advice`, () => {
    assert.throws(
      () => addressTable(bytes()),
      (error) =>
        error instanceof FraudstreamError &&
        error.code === 'bad-data' &&
        message.test(error.message) &&
        error.message.includes('Install fraudstream again'),
    );
  });
}
