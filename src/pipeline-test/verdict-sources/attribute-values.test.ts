import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemJson } from './attribute-values.ts';

test('an item becomes plain JSON, and its numbers keep their digits', () => {
  const json = itemJson({
    id: { S: 'a "b"\n' },
    big: { N: '9007199254740993' },
    cents: { N: '12.50' },
    tiny: { N: '1E-130' },
    yes: { BOOL: false },
    none: { NULL: true },
    event: { M: { scores: { L: [{ N: '0.5' }, { S: '' }] } } },
    tags: { SS: ['x', 'y'] },
    counts: { NS: ['1', '-2'] },
    raw: { B: Buffer.from([0, 255]) },
    raws: { BS: [Buffer.from('a')] },
  });
  assert.equal(
    json,
    '{"id":"a \\"b\\"\\n","big":9007199254740993,"cents":12.50,"tiny":1E-130,"yes":false,"none":null,' +
      '"event":{"scores":[0.5,""]},"tags":["x","y"],"counts":[1,-2],"raw":"AP8=","raws":["YQ=="]}',
  );
  assert.doesNotThrow(() => JSON.parse(json));
});

test('a number or a type that is none is an error, never another value', () => {
  assert.throws(() => itemJson({ a: { N: 'NaN' } }), /N is "NaN"/);
  assert.throws(() => itemJson({ a: { N: '1,"b":2' } }), /not a number/);
  assert.throws(() => itemJson({ a: { $unknown: ['X', 1] } }), /unknown type/);
});
