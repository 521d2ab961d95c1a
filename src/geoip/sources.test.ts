import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { ipRanges } from './ip-ranges.ts';
import { parseAddress, V6 } from './parse-address.ts';

const root = join(import.meta.dirname, '..', '..');
const sources = join(root, 'node_modules', '@ip-location-db');
const isThere = existsSync(join(sources, 'asn')) && existsSync(join(sources, 'asn-country'));
const skip =
  isThere || process.env.FRAUDSTREAM_REQUIRE_ALL === '1'
    ? false
    : 'the sources are not installed: node scripts/build-ip-table.js says how';
const folder = mkdtempSync(join(tmpdir(), 'fraudstream-ip-'));
after(() => rmSync(folder, { recursive: true }));

/** All but what depends on the version of zlib: checksum, sizes, and the compression of the parts. */
function meaning(bytes: Buffer): Buffer {
  const v4At = 60 + (bytes[47] ?? 0) + 2 * (bytes[46] ?? 0);
  const v6At = v4At + bytes.readUInt32LE(48);
  const header = [bytes.subarray(37, 48), bytes.subarray(60, v4At)];
  return Buffer.concat([
    ...header,
    inflateSync(bytes.subarray(v4At, v6At)),
    inflateSync(bytes.subarray(v6At)),
  ]);
}

test('the same sources give the tables that are shipped', { skip }, () => {
  execFileSync(process.execPath, [join(root, 'scripts', 'build-ip-table.js'), folder]);
  for (const name of ['ip-ranges.bin', 'ip-ranges-documentation.bin']) {
    const [built, shipped] = [folder, join(root, 'assets')].map((index) =>
      meaning(readFileSync(join(index, name))),
    );
    assert.ok(built?.equals(shipped ?? Buffer.alloc(0)), name);
  }
});

test('where the sources are missing the script says how to install them', () => {
  // No packages lie beside this copy of the script.
  cpSync(join(root, 'scripts'), join(folder, 'scripts'), { recursive: true });
  symlinkSync(join(root, 'dist'), join(folder, 'dist'));
  const script = join(folder, 'scripts', 'build-ip-table.js');
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  assert.equal(status, 66);
  assert.match(stderr, /npm install --no-save @ip-location-db\/asn-country@\d/);
});

for (const family of ['ipv4', 'ipv6'] as const) {
  test(`the country of ${family} addresses is that of a search through all rows`, { skip }, () => {
    const { lookupNumber } = ipRanges();
    const path = join(sources, 'asn-country', `asn-country-${family}.csv`);
    const rows = readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((row) => row.trim().split(','))
      .map(([first = '', last = '', country = '']) => ({
        first: parseAddress(first),
        last: parseAddress(last),
        country,
      }));
    const perNetwork = family === 'ipv4' ? 256 : 1;
    const networkOf = (address: number): number => Math.floor(address / perNetwork);
    for (let turn = 0; turn < 2000; turn += 1) {
      const row = rows[(turn * 7919) % rows.length];
      const start = (row?.first ?? 0) - (turn % 3) * perNetwork;
      const address = turn % 2 === 0 ? start : randomAddress(family, turn);
      const network = networkOf(address);
      // A network that rows share is given to the first; one that is reserved to nobody.
      const found = rows.find(
        ({ first, last }) => networkOf(first) <= network && network <= networkOf(last),
      );
      assert.equal(lookupNumber(address)?.country, found?.country, String(address));
    }
  });
}

/** An address where there are any: below 224/3, or in 2000::/4. */
function randomAddress(family: 'ipv4' | 'ipv6', turn: number): number {
  const unit = (Math.imul(turn, 0x9e3779b1) >>> 0) / 2 ** 32;
  return family === 'ipv4'
    ? Math.floor(unit * 0xe0000000)
    : V6 + 2 ** 45 + Math.floor(unit * 2 ** 44);
}
