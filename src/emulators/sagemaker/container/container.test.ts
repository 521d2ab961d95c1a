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
] as const) {
  test(`${name} between the values are found`, () => {
    const text = csv.join('\n').replaceAll(',', delimiter);
    assert.deepEqual(invoke(text), invoke(csv.join('\n')));
  });
}

test('a delimiter that Python does not prefer is found where it is the most frequent character', () => {
  assert.deepEqual(invoke('1|2|3|4'), invoke('1,2,3,4'));
  assert.equal(invoke('11|11|3|4').status, 415);
});

test('white space around the whole, and Windows ends of lines, are nothing', () => {
  const whole = rows
    .filter((row) => !Number.isNaN(row.at(-1)))
    .map((row) => row.map((value) => (Number.isNaN(value) ? '' : value)).join(','));
  assert.deepEqual(invoke(`\n${whole.join('\r\n')}\r\n\n`), invoke(whole.join('\n')));
});

test('libsvm, with indices from 0, with and without labels, scores as CSV does', () => {
  const some = rows.filter((row) => row.some((value) => !Number.isNaN(value)));
  const wanted = invoke(
    some.map((row) => row.map((value) => (Number.isNaN(value) ? '' : value)).join(',')).join('\n'),
  );
  for (const label of ['1 ', '']) {
    const lines = some.map((row) => {
      const pairs = row.flatMap((value, index) =>
        Number.isNaN(value) ? [] : [`${index}:${value}`],
      );
      return `${label}${pairs.join(' ')}`;
    });
    for (const contentType of ['text/libsvm', 'text/x-libsvm; charset=utf-8', 'libsvm', undefined])
      assert.deepEqual(invoke(lines.join('\n'), { contentType }), wanted);
  }
});

test('JSON out, each score a double as Python writes it', () => {
  const json = invoke(csv.join('\n'), { accept: 'application/json' });
  assert.equal(json.type, 'application/json');
  assert.deepEqual(JSON.parse(json.body), { predictions: scores.map((score) => ({ score })) });
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
  ['a word', '1,2,three,4', {}, 415, /csv data failed with Exception.*\n.*\n could not .* "three"/],
  ['infinity', '1,2,inf,4', {}, 415, /contains `inf` or a value too large/],
  [
    'a cell out of the range of float32',
    '1,2,1e39,4',
    {},
    415,
    /contains `inf` or a value too large/,
  ],
  ['a header', 'a,b,c,d\n1,2,3,4', {}, 415, /could not convert string to float: "a"/],
  ['rows of different lengths', '1,2,3,4\n1,2,3', {}, 415, /setting an array element/],
  ['an empty line', '1,2,3,4\n\n1,2,3,4', {}, 415, /setting an array element/],
  ['blanks alone', ' \n ', {}, 415, /Could not determine delimiter/],
  [
    'too many columns',
    '1,2,3,4,5',
    {},
    400,
    /^Unable to evaluate payload provided: .*\(4 vs\. 5\)/,
  ],
  ['CSV without a content type', '1,2,3,4', { contentType: undefined }, 415, /libsvm/],
  ['an empty content type', '1,2,3,4', { contentType: '' }, 415, /not an accepted ContentType/],
  ['a label size', '1,2', { contentType: 'text/csv; label_size=2' }, 415, /must be equal to 1/],
  ['Parquet', 'PAR1', { contentType: 'application/x-parquet' }, 415, /not an accepted/],
  ['JSON lines out', '1,2,3,4', { accept: 'application/jsonlines' }, 500, /Internal Server Error/],
  ['recordio out', '1,2,3,4', { accept: 'application/x-recordio-protobuf' }, 500, /Internal/],
  ['an unknown Accept', '1,2,3,4', { accept: 'image/png' }, 406, /image\/png/],
  ['an Accept that every object has', '1,2,3,4', { accept: 'constructor' }, 406, /constructor/],
  [
    'an unknown Content-Type',
    '1',
    { contentType: 'text/xml' },
    415,
    /text\/xml is not an accepted/,
  ],
  ['recordio', '1', { contentType: 'application/x-recordio-protobuf' }, 415, /not an accepted/],
  ['too large a body', '', { body: undefined }, 413, /capacity limit/],
  ['libsvm with a word', '1 0:x', libsvm, 415, /libsvm data failed with Exception.*\n.*"x"/],
  ['libsvm with a fraction as index', '1 1.5:1', libsvm, 415, /invalid literal for int/],
  ['libsvm with a query', '1 qid:1 0:1', libsvm, 415, /invalid literal for int.*"qid"/],
  ['libsvm with a negative index', '1 -1:1', libsvm, 415, /negative/],
  ['libsvm with tabs', '1\t0:1\t1:2', libsvm, 415, /invalid literal for int/],
  ['libsvm without any pair', '1\n0', libsvm, 415, /cannot infer dimensions/],
  ['libsvm with infinity', '1 0:inf', libsvm, 415, /contains `inf`/],
  ['libsvm beyond the model', '1 0:1 4:1', libsvm, 400, /\(4 vs\. 5\)/],
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

test('features that a row does not have are missing', () => {
  assert.deepEqual(invoke('1,2\n3,4'), invoke('1,2,,\n3,4,,'));
  assert.deepEqual(invoke('5'), invoke('5,,,'));
});

test('libsvm takes indices as they are, adds up what is named twice, and leaves out last rows without pairs', () => {
  const answer = (body: string): ContainerAnswer => invoke(body, { contentType: 'text/libsvm' });
  assert.deepEqual(answer('1 1:1 3:3'), invoke(',1,,3'));
  assert.deepEqual(answer('1 0:1 0:3'), invoke('4,,,'));
  assert.deepEqual(answer('1 0:1\n1\n0 0:2\n1\n1'), invoke('1,,,\n,,,\n2,,,'));
  assert.deepEqual(answer('1 0:nan  1:2:9'), invoke(',2,,'));
});

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
    container.invoke({ body, contentType: 'text/csv', accept: undefined }).rows,
    body.length / row.length,
  );
  const larger = Buffer.concat([body, Buffer.from('1')]);
  assert.equal(
    container.invoke({ body: larger, contentType: 'text/csv', accept: undefined }).status,
    413,
  );
});
