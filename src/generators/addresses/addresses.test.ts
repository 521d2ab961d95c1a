import assert from 'node:assert/strict';
import { BlockList, isIP } from 'node:net';
import { test } from 'node:test';
import { ipRanges } from '../../geoip/ip-ranges.ts';
import { V6 } from '../../geoip/parse-address.ts';
import { hash } from '../numbers/random.ts';
import { countries } from '../population/countries.ts';
import { v4Text, v6Text } from '../writing/digits.ts';
import { type AddressKind, addressKinds, tableSpace } from './address-space.ts';

const DRAWS = 1_000_000;
const codes = countries.map(({ code }) => code);
const table = ipRanges();
const space = tableSpace(table, codes);
const kinds = Object.entries(addressKinds);
const perOwner = Math.ceil(DRAWS / codes.length / kinds.length);

/** Kinds that the public table has not in a country, and what an address is there instead. */
const lacking: Readonly<Record<'v4' | 'v6', Readonly<Record<string, string>>>> = {
  v4: {
    'KR anonymiser': 'KR hosting',
    'SG anonymiser': 'SG hosting',
    'KW hosting': 'KW consumer',
    'KW anonymiser': 'KW consumer',
  },
  v6: {
    'ES anonymiser': 'ES hosting',
    'TR anonymiser': 'TR hosting',
    'MX anonymiser': 'MX hosting',
    'KR anonymiser': 'KR hosting',
    'IN anonymiser': 'IN hosting',
    'AU anonymiser': 'AU hosting',
    'SG anonymiser': 'SG hosting',
    'KW hosting': 'KW consumer',
    'KW anonymiser': 'KW consumer',
    'BH anonymiser': 'BH hosting',
    'ZA anonymiser': 'ZA hosting',
  },
};

/** What lookup says of the addresses of each country and kind, where it is not that. */
function surprises(
  numberOf: (country: number, kind: AddressKind, draw: number) => number,
  lookup: typeof table.lookupNumber,
): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [country, code] of codes.entries()) {
    for (const [name, kind] of kinds) {
      for (let draw = 0; draw < perOwner; draw += 1) {
        const network = lookup(numberOf(country, kind, hash(1, draw, country)));
        if (network?.country === code && network.kind === kind) continue;
        found[`${code} ${name}`] = `${network?.country} ${kinds[network?.kind ?? 9]?.[0]}`;
      }
    }
  }
  return found;
}

test('of a million addresses the table says the country and the kind they were made for', () => {
  assert.deepEqual(surprises(space.v4, table.lookupNumber), lacking.v4);
  assert.deepEqual(
    surprises((...args) => V6 + space.v6(...args), table.lookupNumber),
    lacking.v6,
  );
});

test('addresses for documentation are that, and make the same round trip without exception', () => {
  const documented = ipRanges('documentation');
  const documentation = tableSpace(documented, codes);
  assert.deepEqual(surprises(documentation.v4, documented.lookupNumber), {});
  assert.deepEqual(
    surprises((...args) => V6 + documentation.v6(...args), documented.lookupNumber),
    {},
  );
  const networks = new BlockList();
  for (const block of ['192.0.2.0', '198.51.100.0', '203.0.113.0']) networks.addSubnet(block, 24);
  networks.addSubnet('2001:db8::', 32, 'ipv6');
  for (const country of codes.keys()) {
    for (let draw = 0; draw < 1000; draw += 1) {
      const bits = hash(2, draw, country);
      assert.ok(networks.check(v4Text(documentation.v4(country, 0, bits))));
      assert.ok(networks.check(v6Text(documentation.v6(country, 0, bits), 1, bits), 'ipv6'));
    }
  }
});

test('a network has one country and one kind', () => {
  for (const one of [space, tableSpace(ipRanges('documentation'), codes)]) {
    const size = one.v4NetworkSize;
    const { lookupNumber } = one === space ? table : ipRanges('documentation');
    for (let draw = 0; draw < 20_000; draw += 1) {
      const first = one.v4(draw % codes.length, 0, hash(3, draw, 0));
      const network = first - (first % size);
      assert.equal(lookupNumber(network), lookupNumber(network + size - 1), v4Text(first));
    }
  }
});

test('equal draws give equal addresses, in every country of the list', () => {
  const again = tableSpace(ipRanges(), codes);
  for (const country of codes.keys()) {
    for (const draw of [0, -1, 123_456_789]) {
      assert.equal(space.v4(country, 0, draw), again.v4(country, 0, draw));
      assert.equal(space.v6(country, 0, draw), again.v6(country, 0, draw));
    }
  }
});

test('the last and the first draw are addresses too, and no address has two groups of zeros', () => {
  for (const country of codes.keys()) {
    for (const [, kind] of kinds) {
      for (const draw of [0, -1, 1, 2 ** 31 - 1, -(2 ** 31)]) {
        assert.equal(isIP(v4Text(space.v4(country, kind, draw))), 4);
        const network = space.v6(country, kind, draw);
        assert.equal(isIP(v6Text(network, 1, draw)), 6);
        assert.notEqual(network % 2 ** 32, 0);
      }
    }
  }
});
