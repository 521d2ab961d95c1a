import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hash } from '../numbers/hash.ts';
import { addressKinds } from './address-space.ts';
import { isPublicV4 } from './reserved.ts';
import { syntheticAddressSpace } from './synthetic-address-space.ts';

const weights = [50, 5, 0.1];

test('a /24 has one country and one kind, and is public', () => {
  const space = syntheticAddressSpace(weights);
  const owners = new Map<number, string>();
  for (const country of weights.keys()) {
    for (const kind of Object.values(addressKinds)) {
      for (let draw = 0; draw < 5000; draw += 1) {
        const address = space.v4(country, kind, hash(1, draw, 0));
        assert.ok(isPublicV4(address), String(address));
        const network = Math.floor(address / 256);
        const owner = `${country} ${kind}`;
        assert.equal(owners.get(network) ?? owner, owner);
        owners.set(network, owner);
      }
    }
  }
});

test('equal draws give equal addresses, in every country of the list', () => {
  const space = syntheticAddressSpace(weights);
  const again = syntheticAddressSpace(weights);
  for (const country of weights.keys()) {
    for (const draw of [0, -1, 123_456_789]) {
      assert.equal(space.v4(country, 0, draw), again.v4(country, 0, draw));
      assert.equal(space.v6(country, 0, draw), again.v6(country, 0, draw));
      assert.equal(Math.floor(space.v6(country, 0, draw) / 2 ** 32), 0x2a02);
    }
  }
});

test('networks with a reserved part are no public networks', () => {
  const first = (network: number): number => network * 65536;
  for (const [network, isPublic] of [
    [0x0808, true],
    [0xc000, false],
    [0xcb00, false],
    [0x6440, false],
    [0xe000, false],
    [0x647f, false],
    [0x6480, true],
  ] as const) {
    assert.equal(
      isPublicV4(first(network), first(network) + 65535),
      isPublic,
      network.toString(16),
    );
  }
});
