import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate } from '../../transactions/scoring-outcome.ts';
import { type ContentType, requestBody } from './request-body.ts';

const candidate = (features?: readonly number[]): Candidate => ({
  id: 'a',
  cardId: 'c',
  eventTime: '2026-01-01T00:00:00.000Z',
  data: Buffer.from('{"amount_minor":5}'),
  features: features && Float32Array.from(features),
});
const two = [candidate([1, Number.NaN, 0.1]), candidate([Number.NaN, -2, 3])];
const body = (type: ContentType, template?: string, of: readonly Candidate[] = two): string =>
  Buffer.from(requestBody(type, 'text/csv', template).body(of)).toString();

test('each form writes rows as its container reads them', () => {
  assert.equal(body('text/csv'), '1,,0.1\n,-2,3');
  assert.equal(body('text/libsvm'), '0 0:1 2:0.1\n0 0:nan 1:-2 2:3');
  assert.equal(body('application/json'), '{"instances":[[1,null,0.1],[null,-2,3]]}');
  assert.equal(body('application/jsonlines'), '[1,null,0.1]\n[null,-2,3]');
  const raw = [candidate(), candidate()];
  assert.equal(
    body('application/jsonlines', undefined, raw),
    '{"amount_minor":5}\n{"amount_minor":5}',
  );
});

test('a template puts the transactions where any endpoint wants them', () => {
  assert.equal(
    body('application/json', '{"v": 1, "data": {"ndarray": "$rows"}}'),
    '{"v":1,"data":{"ndarray":[[1,null,0.1],[null,-2,3]]}}',
  );
  assert.equal(body('application/json', '["$row"]', two.slice(0, 1)), '[[1,null,0.1]]');
  assert.equal(
    body('application/json', '{"t": "$transactions"}'),
    '{"t":[{"amount_minor":5},{"amount_minor":5}]}',
  );
  assert.equal(body('application/json', '"$transaction"', two.slice(0, 1)), '{"amount_minor":5}');
});

test('a template without a place, with two, or that is no JSON is refused by name', () => {
  for (const template of ['{}', '["$rows","$rows"]', '{', '{"a":"$rowss"}']) {
    assert.throws(() => body('application/json', template), /--body-template/);
  }
  assert.throws(() => body('text/csv', '{"a":"$rows"}'), /--body-template is JSON/);
});

test('bodies do not share memory: one that is under way is not written over', () => {
  const made = requestBody('text/csv', 'text/csv', undefined);
  const first = made.body([candidate([1])]);
  made.body([candidate([2])]);
  assert.equal(Buffer.from(first).toString(), '1');
});
