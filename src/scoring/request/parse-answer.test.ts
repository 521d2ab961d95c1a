import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ParsedAnswer, scoresOf } from './parse-answer.ts';

const read = (type: string, body: string, rows: number, pointer?: string): ParsedAnswer =>
  scoresOf(type, Buffer.from(body), rows, pointer);

test('scores are read in every form that containers answer in', () => {
  const rows = [
    ['text/csv', '0.5\n0.25\n', undefined],
    ['text/csv; charset=utf-8', '0.5,0.25', undefined],
    ['text/csv', '0.5\r\n0.25\r\n', undefined],
    ['', '0.5\n0.25', undefined],
    ['application/json', '{"predictions":[{"score":0.5},{"score":0.25}]}', undefined],
    ['application/json', '{"predictions":[0.5,0.25]}', undefined],
    ['application/json', '[0.5,0.25]', undefined],
    ['text/plain', '[{"score":0.5},{"score":0.25}]', undefined],
    ['application/json', '{"a/b":[{"p":[0.5]},{"p":[0.25]}]}', '/a~1b/*/p/0'.replace('/0', '/*')],
    ['application/jsonlines', '{"score":0.5}\n{"score":0.25}\n', undefined],
    ['application/jsonlines', '{"p":0.5}\n{"p":0.25}', '/p'],
  ] as const;
  for (const [type, body, pointer] of rows) {
    assert.deepEqual(read(type, body, 2, pointer), { scores: [0.5, 0.25] }, body);
  }
  assert.deepEqual(read('application/json', '{"score":0.5}', 1), { scores: [0.5] });
});

test('as long as one score is sound, the others are errors of their own rows, with the text that came', () => {
  const rows = [
    ['text/csv', '0.5\nnan\n0.25\n', undefined, 'nan'],
    ['text/csv', '0.5,,0.25', undefined, 'missing'],
    ['text/csv', '0.5\n\n0.25\n', undefined, 'missing'],
    ['text/csv', '0.5\r\n\r\n0.25', undefined, 'missing'],
    ['text/csv', '0.5,1.5,0.25', undefined, '1.5'],
    [
      'application/json',
      '{"predictions":[{"score":0.5},{"score":NaN},{"score":0.25}]}',
      undefined,
      'NaN',
    ],
    ['application/json', '{"predictions":[0.5,null,0.25]}', undefined, 'null'],
    ['application/json', '{"predictions":[{"score":0.5},{},{"score":0.25}]}', undefined, 'missing'],
    ['application/jsonlines', '{"score":0.5}\n{}\n{"score":0.25}\n', undefined, 'missing'],
    ['application/json', '[{"p":0.5},{"p":"high"},{"p":0.25}]', '/*/p', 'high'],
    ['application/jsonlines', '{"score":0.5}\n{"score":NaN}\n{"score":0.25}\n', undefined, 'NaN'],
  ] as const;
  for (const [type, body, pointer, said] of rows) {
    const problems = new Map([[1, `a score is ${said}, not from 0 to 1`]]);
    const wanted = { scores: [0.5, Number.NaN, 0.25], problems };
    assert.deepEqual(read(type, body, 3, pointer), wanted, body);
  }
  assert.deepEqual(read('text/csv', '\n0.25\n', 2), {
    scores: [Number.NaN, 0.25],
    problems: new Map([[0, 'a score is missing, not from 0 to 1']]),
  });
});

test('an answer that is not one score a row is refused whole, and why', () => {
  const rows = [
    ['text/csv', '', 1, /0 scores came for 1 rows/],
    ['application/json', '{"predictions":[]}', 2, /0 scores came for 2 rows/],
    ['text/csv', '0.5\n', 2, /1 scores came for 2 rows/],
    ['text/csv', '0.5\n0.5\n0.5\n', 2, /3 scores/],
    ['text/csv', '1.5', 1, /a score is 1.5/],
    ['text/csv', '-0.1', 1, /a score is -0.1/],
    ['text/csv', 'nan', 1, /a score is nan, not/],
    ['text/csv', 'nan\nnan\n', 2, /a score is nan, not/],
    ['text/html', '<html>', 1, /a score is/],
    ['application/json', '{"predictions":[{"score":0.', 1, /cannot be read/],
    ['application/json', '{"other":1}', 1, /no scores at any known pointer/],
    ['application/json', '{"predictions":[{"score":"high"}]}', 1, /no scores/],
  ] as const;
  for (const [type, body, count, reason] of rows) {
    const reading = read(type, body, count);
    assert.ok('problem' in reading, `${body} was taken`);
    assert.match(reading.problem, reason);
  }
});
