import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadModel, probability } from '../../../model/model.ts';
import { Container, type ContainerAnswer, type Invocation } from './container.ts';

const fixtures = join(import.meta.dirname, '..', '..', '..', '..', 'fixtures', 'model');
const container = new Container(loadModel(readFileSync(join(fixtures, 'model.ubj'))));
const fromHex = (text: string): number => Buffer.from(text, 'hex').readFloatBE(0);
const cases = readFileSync(join(fixtures, 'margins.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line): { row: string[]; margin: string } => JSON.parse(line))
  .filter(({ row }) => row.every((value) => Math.abs(fromHex(value)) !== Number.POSITIVE_INFINITY));
const rows = cases.map(({ row }) => row.map(fromHex));
const scores = cases.map(({ margin }) => probability(fromHex(margin)));
const csv = rows.map((row) => row.map((value) => (Number.isNaN(value) ? '' : value)).join(','));

function invoke(body: string, asked: Partial<Invocation> = {}): ContainerAnswer {
  const sent = { body: Buffer.from(body), contentType: 'text/csv', accept: undefined };
  return container.invoke({ ...sent, ...asked });
}
const floats = (texts: readonly string[]): readonly number[] =>
  texts.map((text) => Math.fround(Number(text)));

test('CSV in, one score a line out, those of XGBoost to the last bit of the margin', () => {
  assert.ok(cases.length > 10);
  const { status, type, body, rows: answered } = invoke(csv.join('\n'));
  assert.deepEqual([status, type, answered], [200, 'text/csv; charset=utf-8', cases.length]);
  assert.ok(body.endsWith('\n'));
  assert.deepEqual(floats(body.trimEnd().split('\n')), scores);
});

for (const [name, delimiter] of [
  ['tabs', '\t'],
  ['semicolons', ';'],
  ['pipes', '|'],
] as const) {
  test(`${name} between the values are found`, () => {
    const text = csv.join('\n').replaceAll(',', delimiter);
    assert.deepEqual(invoke(text), invoke(csv.join('\n')));
  });
}

test('white space around the whole, and Windows ends of lines, are nothing', () => {
  const whole = rows
    .filter((row) => !Number.isNaN(row.at(-1)))
    .map((row) => row.map((value) => (Number.isNaN(value) ? '' : value)).join(','));
  assert.deepEqual(invoke(`\n${whole.join('\r\n')}\r\n\n`), invoke(whole.join('\n')));
});

test('libsvm, with indices from 0 or from 1 and with or without labels, scores as CSV does', () => {
  for (const [first, label] of [
    [0, '1 '],
    [0, ''],
    [1, '0 '],
  ] as const) {
    // The first feature is in every row, so that indices from 0 and from 1 can be told apart.
    const some = rows.filter(([value]) => !Number.isNaN(value));
    const lines = some.map((row) => {
      const pairs = row.flatMap((value, index) =>
        Number.isNaN(value) ? [] : [`${index + first}:${value}`],
      );
      return `${label}${pairs.join(' ')}`;
    });
    const wanted = invoke(
      some
        .map((row) => row.map((value) => (Number.isNaN(value) ? '' : value)).join(','))
        .join('\n'),
    );
    for (const contentType of ['text/libsvm', 'text/x-libsvm; charset=utf-8']) {
      assert.deepEqual(invoke(lines.join('\n'), { contentType }), wanted);
    }
  }
});

test('JSON and JSON lines out, each score a double', () => {
  const json = invoke(csv.join('\n'), { accept: 'application/json' });
  assert.equal(json.type, 'application/json');
  assert.deepEqual(JSON.parse(json.body), { predictions: scores.map((score) => ({ score })) });
  const lines = invoke(csv.join('\n'), { accept: 'application/jsonlines' });
  const parsed = lines.body
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(
    parsed,
    scores.map((score) => ({ score })),
  );
});

test('JSON in, where what stands in front has made it readable, and nowhere else', () => {
  const contentType = 'application/json';
  const features = rows.map((row) => row.map((value) => (Number.isNaN(value) ? null : value)));
  const wanted = invoke(csv.join('\n'));
  for (const instances of [features.map((row) => ({ features: row })), features]) {
    const body = JSON.stringify({ instances });
    assert.deepEqual(invoke(body, { contentType, takesJson: true }), wanted);
    assert.equal(invoke(body, { contentType }).status, 415);
  }
});

type Refused = readonly [string, string, Partial<Invocation>, number, RegExp];
const json = { contentType: 'application/json', takesJson: true };
const libsvm = { contentType: 'text/libsvm' };
const refused: readonly Refused[] = [
  ['an empty body', '', {}, 204, /^$/],
  ['a word', '1,2,three,4', {}, 415, /csv data failed in row 0: "three"/],
  ['infinity', '1,2,inf,4', {}, 415, /row 0: "inf"/],
  ['a header', 'a,b,c,d\n1,2,3,4', {}, 415, /row 0: "a"/],
  ['rows of different lengths', '1,2,3,4\n1,2,3', {}, 415, /row 1: 3 values after rows of 4/],
  ['an empty line', '1,2,3,4\n\n1,2,3,4', {}, 415, /row 1: 1 values after rows of 4/],
  ['too few columns', '1,2,3', {}, 400, /^Unable to evaluate payload provided: 3 features .* 4\.$/],
  ['too many columns', '1,2,3,4,5', {}, 400, /5 features a row, the model has 4/],
  ['an unknown Accept', '1,2,3,4', { accept: 'image/png' }, 406, /image\/png/],
  ['an Accept that every object has', '1,2,3,4', { accept: 'constructor' }, 406, /constructor/],
  ['an unknown Content-Type', '1', { contentType: 'text/xml' }, 415, /text\/xml is not supported/],
  ['recordio', '1', { contentType: 'application/x-recordio-protobuf' }, 415, /is not supported/],
  ['too large a body', '', { body: undefined }, 413, /capacity limit/],
  ['libsvm with a word', '1 0:x', libsvm, 415, /libsvm data failed in row 0/],
  ['libsvm beyond the model', '1 0:1 4:1', libsvm, 400, /feature 4 of 4/],
  ['JSON that is none', '{', json, 415, /not JSON/],
  ['JSON without instances', '{"rows":[]}', json, 415, /"instances"/],
  ['JSON with a text', '{"instances":[[1,2,"3",4]]}', json, 415, /Feature 2 of instance 0/],
  ['JSON of different lengths', '{"instances":[[1,2,3,4],[1]]}', json, 400, /1 features after 4/],
];
for (const [what, body, asked, status, message] of refused) {
  test(`${what} is answered with ${status}`, () => {
    const answer = invoke(body, asked);
    assert.equal(answer.status, status);
    assert.match(answer.body, message);
    assert.equal(answer.rows, 0);
  });
}

test('libsvm of 6 MiB is read', () => {
  const body = Buffer.alloc(6 * 1_048_576, '1 1:2 3:4\n');
  assert.ok(
    container.invoke({ body, contentType: 'text/libsvm', accept: undefined }).rows > 600_000,
  );
});

test('a request of 6 MiB is read, one byte more is not', () => {
  const row = '1,2,3,4\n';
  const body = Buffer.alloc(6 * 1_048_576, row);
  assert.equal(
    container.invoke({ body, contentType: undefined, accept: undefined }).rows,
    body.length / row.length,
  );
  const larger = Buffer.concat([body, Buffer.from('1')]);
  assert.equal(
    container.invoke({ body: larger, contentType: undefined, accept: undefined }).status,
    413,
  );
});
