import assert from 'node:assert/strict';
import { test } from 'node:test';
import { basicAuthorization } from './outside-network.ts';

test('user and password of an address are sent decoded; a bare percent sign stands for itself', () => {
  const sent = (address: string): string | undefined => {
    const [, encoded] = basicAuthorization(new URL(address))?.split(' ') ?? [];
    return encoded && Buffer.from(encoded, 'base64').toString();
  };
  assert.equal(sent('http://us%40er:p%3Aw@proxy:3128'), 'us@er:p:w');
  assert.equal(sent('http://user:100%@proxy:3128'), 'user:100%');
  assert.equal(sent('http://proxy:3128'), undefined);
});
