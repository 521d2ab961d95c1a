import assert from 'node:assert/strict';
import { test } from 'node:test';
import { node } from './machine.ts';

test('a Node.js that is too old fails, and the check says which one is needed', () => {
  for (const version of ['20.19.0', '20.20.2', '22.0.0', '100.1.0']) {
    assert.deepEqual(node(version), { subject: 'Node.js', found: version });
  }
  for (const version of ['20.18.3', '18.20.4', '9.0.0']) {
    const { found, problem } = node(version);
    assert.equal(found, version);
    assert.match(String(problem), /needs Node\.js 20\.19 or newer/);
  }
});
