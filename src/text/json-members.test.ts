import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withMembers, withoutMembers } from './json-members.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const odd =
  ' { "a" : "x" , "big":12345678901234567890,"d":1.0, "e":"\\u00e9\\"}" ,"n":{"a":[1,{"a":2}]},"t":"y","a\\u0062":0 } ';

test('only the values that are named change, and what is absent comes at the end', () => {
  assert.equal(text(withMembers(Buffer.from(odd), { a: '"new"' })), odd.replace('"x"', '"new"'));
  assert.equal(text(withMembers(Buffer.from(odd), { t: '1' })), odd.replace('"y"', '1'));
  assert.equal(text(withMembers(Buffer.from(odd), { ab: '1' })), odd.replace('062":0', '062":1'));
  assert.equal(text(withMembers(Buffer.from(odd), { z: '2' })), odd.replace(':0 }', ':0,"z":2 }'));
  assert.equal(text(withMembers(Buffer.from('{ }'), { z: '2' })), '{"z":2 }');
});

test('members are taken out wherever they stand, and nothing else changes', () => {
  const names = new Set(['a', 'n', 'ab']);
  const rest = '"big":12345678901234567890,"d":1.0,"e":"\\u00e9\\"}","t":"y"';
  assert.equal(text(withoutMembers(Buffer.from(odd), names)), ` { ${rest} } `);
  assert.equal(text(withoutMembers(Buffer.from('{"a":1}'), names)), '{}');
  assert.equal(text(withoutMembers(Buffer.from('{"b":1}'), names)), '{"b":1}');
});
