import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { mappingOf } from '../../dist/files/mapping/mapping-file.js';
import { validateFiles } from '../../dist/files/validation/validate-files.js';
import { Validation } from '../../dist/metrics/validation.js';
import { fixtures } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';
import { folder, linesOf } from '../support/recordings.ts';

const place = folder('foreign-files');
const foreign = join(fixtures, 'foreign');
const plain = 'event_time=at,card_id=card,amount=amt,currency:USD';

function file(name: string, ...lines: readonly string[]): string {
  const path = join(place, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

const replay = (path: string, map: string, ...more: readonly string[]) =>
  inProcess(['replay', path, '--map', map, '--to', 'stdout', '--speed', 'max', ...more]);

type Sent = Readonly<Record<string, unknown>>;
const sentIn = (out: string): readonly Sent[] => linesOf(out).map((line) => JSON.parse(line));

const dataSets = ['sparkov', 'tabformer', 'paysim', 'ieee-cis', 'ulb', 'baf', 'handbook', 'pandas'];
for (const name of dataSets) {
  test(`the sample of ${name} replays, scores and validates with its mapping, and loses no row`, async () => {
    const [path, map] = [join(foreign, `${name}.csv`), join(foreign, `${name}.yaml`)];
    const args = [
      'replay',
      path,
      '--map',
      map,
      '--to',
      'score',
      '--local',
      '--speed',
      'max',
      '--sort',
    ];
    const { code, out, err } = await inProcess([...args, '--output', 'json', '--progress', 'none']);
    assert.equal(code, 0, err);
    assert.equal(JSON.parse(out).scoring.scored, 10);
    const validation = new Validation();
    await validateFiles(
      { paths: [path], mapping: await mappingOf([map]) },
      { input: [] as never, s3: {}, stop: new AbortController().signal, validation },
    );
    const { records, invalid } = validation.summary();
    assert.deepEqual({ records, invalid }, { records: 10, invalid: 0 });
  });
}

test('what the columns of the samples hold becomes the values that they mean', async () => {
  const read = async (name: string): Promise<readonly Sent[]> => {
    const { out, err } = await replay(join(foreign, `${name}.csv`), join(foreign, `${name}.yaml`));
    assert.equal(linesOf(out).length, 10, err);
    return sentIn(out);
  };
  const [first, , refund, , large] = await read('tabformer');
  assert.equal(
    first?.event_time,
    '2002-09-01T11:25:00.000Z'.replace('11:25', String(first?.event_time).slice(11, 16)),
  );
  assert.equal(first?.card_id, '0|0');
  assert.deepEqual([refund?.type, refund?.amount_minor], ['refund', 6420]);
  assert.equal(large?.amount_minor, 120_475);
  const paysim = await read('paysim');
  assert.equal(paysim.at(-1)?.event_time, '2017-01-31T23:00:00.000Z');
  assert.deepEqual(
    [...new Set(paysim.map(({ type }) => type))],
    ['purchase', 'cash_advance', 'refund'],
  );
  const handbook = await read('handbook');
  assert.deepEqual(
    handbook.slice(-3).map(({ amount_minor: minor }) => minor),
    [8770, 114_560, 1999],
  );
  const [, , , bar] = await read('sparkov');
  assert.match(String(bar?.card_id), /^[0-9a-f]{64}$/);
  const pandas = await read('pandas');
  assert.equal(pandas[0]?.card_id, '1000000000000000019');
  assert.equal(pandas[0]?.event_time, '2024-02-29T23:59:59.123Z');
  assert.equal(pandas[5]?.amount_minor, 100_000);
});

test('an instant that is none is a bad line with the setting that would fit, and the rest goes on', async () => {
  const path = file(
    'instants.csv',
    'at,card,amt',
    ...['1325376018', '1325376018000000000', '1e20', 'Infinity'].map((at) => `${at},c,1`),
  );
  const map = file(
    'seconds.yaml',
    `fields: { event_time: at, card_id: card, amount: amt }`,
    'constants: { currency: USD }',
    'time-format: epoch-seconds',
  );
  const { code, out, err } = await replay(path, map);
  assert.equal(code, 65);
  assert.equal(linesOf(out).length, 1);
  assert.match(
    err,
    /instants\.csv:3: at cannot be read as event_time .*"time-format: epoch-nanoseconds" would fit/,
  );
  const hours = file('hours.yaml', 'time-format: epoch-hours');
  const unknown = await inProcess(['validate', path, '--map', plain, '--map', hours]);
  assert.deepEqual(
    [unknown.code, /hours\.yaml:1: "time-format": .*epoch-hours/.test(unknown.err)],
    [78, true],
  );
});

test('identifiers of JSON arrive as they are written, or their row is refused', async () => {
  const ids = [
    '12345678901234567890',
    '1.0',
    'true',
    '"007"',
    '{"id":"c1"}',
    '["c"]',
    '"NaN"',
    '1e3',
    '"2.70319E+15"',
  ];
  const path = file(
    'ids.ndjson',
    ...ids.map((id) => `{"at":"2026-01-01T00:00:00Z","amt":1,"card":${id}}`),
  );
  const { code, out, err } = await replay(path, plain);
  assert.equal(code, 65);
  assert.deepEqual(
    sentIn(out).map(({ card_id: card }) => card),
    ['12345678901234567890', '1.0', 'true', '007'],
  );
  assert.match(
    err,
    /ids\.ndjson:5: card is an object: name what is in it by a path that ends in "\.id"/,
  );
  const nested = await replay(
    file('one.ndjson', '{"at":"2026-01-01T00:00:00Z","amt":1,"card":{"id":"c1"}}'),
    plain.replace('card_id=card', 'card_id=card.id'),
  );
  assert.equal(sentIn(nested.out)[0]?.card_id, 'c1');
});

test('a card number is warned of, and refused with --forbid-pan', async () => {
  const path = file('pan.csv', 'at,card,amt', '2026-01-01T00:00:00Z,4111111111111111,1');
  const warned = await replay(path, plain);
  assert.deepEqual([warned.code, /1 values of card are card numbers/.test(warned.err)], [0, true]);
  const refused = await inProcess(['validate', path, '--map', plain, '--forbid-pan']);
  assert.equal(refused.code, 65);
  assert.match(refused.out, /is a card number, which --forbid-pan refuses/);
  assert.doesNotMatch(refused.out, /4111111111111111/);
});

test('a wrong separator, a column that is not there and one that stands twice are one message each', async () => {
  const wrong = file('comma.yaml', 'separator: ","');
  const bars = file('bars.csv', 'at|card|amt', '2026-01-01|c|1', '2026-01-01|c|1');
  const one = await inProcess(['validate', bars, '--map', plain, '--map', wrong]);
  assert.equal(one.code, 78);
  assert.match(one.err, /no column "at".*Is "," its separator/);
  assert.equal((await inProcess(['validate', bars, '--map', plain])).code, 0);
  const twice = await replay(file('twice.csv', 'at,card,amt,card', '2026-01-01,a,1,b'), plain);
  assert.deepEqual([twice.code, /names the column "card" twice/.test(twice.err)], [65, true]);
  const json = await replay(file('odd.ndjson', '{"at":"2026-01-01","kard":"c","amt":1}'), plain);
  assert.deepEqual(
    [json.code, /has no column "card".*It has at, kard, amt/.test(json.err)],
    [78, true],
  );
});

test('JSON without separators, in an array and over several lines is read value by value', async () => {
  const value = (n: number): string => `{"at":"2026-01-01T00:00:0${n}Z","card":"c","amt":${n}.50}`;
  const [a, b, c] = [value(1), value(2), value(3)];
  const pretty = JSON.stringify(JSON.parse(a), undefined, 2);
  const forms = {
    firehose: `${a}${b}${c}`,
    array: `[${a},\n${b},${c}]`,
    pretty: `${pretty}\n${pretty.replace(':01Z', ':02Z')}\n${c}\n`,
    mixed: `${a}\n${b}${c}\n`,
    broken: `${a}${b}\n{"at":"x\n${c}`,
  };
  mkdirSync(join(place, 'forms'));
  for (const [name, text] of Object.entries(forms)) {
    const path = join(place, 'forms', `${name}.json`);
    writeFileSync(path, text);
    const { code, out, err } = await replay(path, plain);
    assert.equal(code, name === 'broken' ? 65 : 0, `${name}: ${err}`);
    const sent = sentIn(out);
    assert.equal(sent.length, 3, `${name}: ${err}`);
    assert.equal(new Set(sent.map(({ transaction_id: id }) => id)).size, 3);
  }
});

test('--time-shift changes the bytes of the times alone', async () => {
  const tail = ',"big":12345678901234567890,"d":1.0,"e":"\\u00e9","n":{ "x" : [1e2] }}';
  const line = `{"schema_version":1,"transaction_id":"t","event_time":"2026-01-01T00:00:00.000Z","card_id":"c","amount_minor":1,"currency":"USD"${tail}`;
  const args = ['--to', 'stdout', '--speed', 'max', '--time-shift', '1d', '--loop', '2'];
  const { out } = await inProcess(['replay', file('own.ndjson', line), ...args]);
  const old = ',"original_event_time":"2026-01-01T00:00:00.000Z"}';
  const moved = line.replace('2026-01-01T', '2026-01-02T').replace(/\}$/, old);
  const [first, second] = linesOf(out);
  assert.equal(first, moved);
  assert.ok(
    second?.includes(`"transaction_id":"t~2"`) && second.includes(tail.slice(0, -1)),
    second,
  );
});

test('Parquet is known by its first bytes, decimals are exact, and what is not mapped is not read', async () => {
  const bytes = Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'at', data: [new Date('2026-01-01T00:00:00Z')], type: 'TIMESTAMP' },
        { name: 'card', data: [12345678901234567n], type: 'INT64' },
        { name: 'amt', data: [19.99], type: 'DOUBLE' },
      ],
    }),
  );
  const path = join(place, 'no-name');
  writeFileSync(path, bytes);
  const { code, out, err } = await replay(path, plain);
  assert.equal(code, 0, err);
  assert.deepEqual(
    sentIn(out).map(({ card_id, amount_minor }) => [card_id, amount_minor]),
    [['12345678901234567', 1999]],
  );
  writeFileSync(join(place, 'empty.parquet'), '');
  const empty = await replay(join(place, 'empty.parquet'), plain);
  assert.deepEqual([empty.code, /is empty \(0 bytes\)/.test(empty.err)], [65, true]);
});

const parquet = join(fixtures, 'parquet');
const written = readdirSync(parquet).filter((name) => name.endsWith('.parquet'));
test('files of pyarrow: decimals, times, nested and long columns arrive as they were written', async () => {
  const expected: readonly Sent[] = JSON.parse(
    readFileSync(join(parquet, 'expected.json'), 'utf8'),
  );
  const wanted = expected.map(({ is_fraud: _, ...fields }) => fields);
  const map = file(
    'pyarrow.yaml',
    'fields:',
    '  { transaction_id: id, event_time: at, card_id: card.id, card_country: /card/issuer/country,',
    '    merchant_id: number, amount: amount, is_fraud: fraud }',
    'constants: { currency: USD }',
  );
  const epoch = file('pyarrow-epoch.yaml', 'time-format: epoch-milliseconds');
  const isText = (name: string): boolean => name === 'text.parquet';
  assert.equal(written.length, 7);
  for (const [names, more] of [
    [written.filter((name) => !isText(name)), []],
    [written.filter(isText), ['--map', epoch]],
  ] as const) {
    const paths = names.map((name) => join(parquet, name));
    const { code, out, err } = await replay(paths[0] ?? '', map, ...paths.slice(1), ...more);
    assert.equal(code, 0, err);
    assert.match(err, new RegExp(`${6 * names.length} frauds have no reported_at`));
    const found = sentIn(out).map((sent) =>
      Object.fromEntries(Object.keys(wanted[0] ?? {}).map((key) => [key, sent[key] ?? null])),
    );
    for (const [index, name] of names.entries()) {
      assert.deepEqual(found.splice(0, wanted.length), wanted, `${index}: ${name}`);
    }
    assert.deepEqual(found, []);
  }
});

test('Latin-1 is said to be, and read with "encoding: latin1"', async () => {
  const path = join(place, 'latin.csv');
  const text = 'at,card,amt,shop\n2026-01-01T00:00:00Z,c,1,Caf\u00e9\n';
  writeFileSync(path, Buffer.from(text, 'latin1'));
  const map = `${plain},merchant_name=shop`;
  assert.match((await replay(path, map)).err, /latin\.csv:2: .*set "encoding: latin1"/);
  const encoding = file('latin.yaml', 'encoding: latin1');
  const { out } = await replay(path, map, '--map', encoding);
  assert.equal(sentIn(out)[0]?.merchant_name, 'Caf\u00e9');
});

test('features sort files that are out of order, and labels stay with their transactions', async () => {
  const rows = Array.from(
    { length: 50 },
    (_, at) => `2026-01-01T00:${String(59 - at).padStart(2, '0')}:00Z,c${at},1,${at % 2}`,
  );
  const path = file('late.csv', 'at,card,amt,lab', ...rows);
  const args = ['features', '--input', path, '--map', `${plain},is_fraud=lab`];
  const { out, err } = await inProcess([...args, '--sort']);
  const sorted = linesOf(out).slice(1);
  assert.doesNotMatch(err, /of them late/);
  assert.deepEqual(
    sorted.map((row) => row.split(',')[1]).toSorted(),
    sorted.map((row) => row.split(',')[1]),
  );
  for (const row of sorted) {
    const [, , card = '', ...rest] = row.split(',');
    assert.equal(Number(rest.at(-2)), Number(card.slice(1)) % 2, row);
  }
});

test('features and score give a transaction without a label the same truth', async () => {
  const lines = ['a', 'b'].map(
    (id, at) =>
      `{"schema_version":1,"transaction_id":"${id}","event_time":"2026-01-01T00:00:0${at}.000Z","card_id":"c","amount_minor":1,"currency":"USD"}`,
  );
  const path = file('two.ndjson', ...lines);
  const frauds = file('frauds.labels.ndjson', '{"transaction_id":"a","is_fraud":true}');
  const both = file('both.labels.ndjson', '{"transaction_id":"a","is_fraud":false}');
  const truthOf = async (labels: string): Promise<readonly string[]> => {
    const { out, err } = await inProcess(['features', '--input', path, '--labels', labels]);
    if (labels === frauds)
      assert.match(
        err,
        /names only frauds, so every other.*\n.*1 of its frauds have no reported_at/,
      );
    return linesOf(out)
      .slice(1)
      .map((row) => row.split(',').at(-2) ?? '');
  };
  assert.deepEqual(await truthOf(frauds), ['1', '0']);
  assert.deepEqual(await truthOf(both), ['0', '']);
  const args = [
    'score',
    '--input',
    path,
    '--local',
    '--output',
    'json',
    '--progress',
    'none',
    '--labels',
  ];
  const quality = async (labels: string): Promise<number> =>
    JSON.parse((await inProcess([...args, labels])).out).quality?.labelled ?? 0;
  assert.deepEqual([await quality(frauds), await quality(both)], [2, 1]);
});

test('a record of 1 MiB with its key leaves, one more byte fails by itself, and the others leave', async () => {
  const lineOf = (id: string, bytes: number): string => {
    const line = `{"schema_version":1,"transaction_id":"${id}","event_time":"2026-01-01T00:00:00.000Z","card_id":"card","amount_minor":1,"currency":"USD","pad":""}`;
    return line.replace('"pad":""', `"pad":"${'x'.repeat(bytes - line.length)}"`);
  };
  const path = file(
    'large.ndjson',
    lineOf('a', 1_048_572),
    lineOf('b', 1_048_573),
    lineOf('d', 1_048_576),
    lineOf('e', 200),
  );
  const args = [
    'replay',
    path,
    '--local',
    '--speed',
    'max',
    '--output',
    'json',
    '--progress',
    'none',
  ];
  const { code, out, err } = await inProcess(args);
  const { delivery } = JSON.parse(out);
  assert.deepEqual([delivery.accepted, delivery.failed], [2, 2], err);
  assert.notEqual(code, 1);
});

test('a damaged gzip gives every line before the damage', async () => {
  const text = Array.from({ length: 5_000 }, (_, at) => `2026-01-01T00:00:00Z,c${at},1`).join('\n');
  const packed = gzipSync(`at,card,amt\n${text}\n`);
  const path = join(place, 'tail.csv.gz');
  writeFileSync(path, Buffer.concat([packed, Buffer.from('garbage')]));
  const { code, out, err } = await replay(path, plain);
  assert.deepEqual([code, linesOf(out).length], [65, 5_000]);
  assert.match(err, new RegExp(`damaged at byte ${packed.length}: `));
  assert.ok(readFileSync(path).length > packed.length);
});
