import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { fixtures, fraudstream, start } from '../support/fraudstream.ts';

const folder = mkdtempSync(join(tmpdir(), 'fraudstream-hostile-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
const day = readFileSync(join(fixtures, 'transactions', 'card-testing.ndjson'), 'utf8');
const [line = ''] = day.split('\n');
const deepLine = line.replace(/\}$/, `,"deep":${deep}}`);
const cells = Array.from({ length: 9 }, (_, index) => `k${index}`);
const bomb = Array.from({ length: 20 }, (_, level) => {
  const inner = level === 0 ? 'x: 1' : cells.map((key) => `${key}: *a${level - 1}`).join(', ');
  return `a${level}: &a${level} {${inner}}`;
}).join('\n');

const yaml: Readonly<Record<string, readonly [text: string, message: RegExp]>> = {
  cyclic: ['scenarios: &s {card_testing: *s}\n', /cyclic\.yaml:1: nested deeper than 16 levels/],
  deep: [`a: ${'{a: '.repeat(9_000)}`, /deep\.yaml:1: nested deeper than 16 levels/],
  sequences: [`a: ${'['.repeat(30_000)}`, /sequences\.yaml:1: nested deeper than 16 levels/],
  bomb: [bomb, /bomb\.yaml:\d+: (more than 20000 keys|nested deeper|unknown key)/],
  inherited: ['constructor:\n  a: 1\n', /unknown key "constructor"/],
  proto: ['__proto__:\n  a: 1\n', /unknown key "__proto__"/],
  large: [`# ${'x'.repeat(100_000)}\n`, /larger than 65536 bytes/],
};

for (const [name, [text, message]] of Object.entries(yaml)) {
  for (const flag of ['--config', '--world', '--map']) {
    test(`${name} YAML in ${flag} is refused, exit code 78`, async () => {
      const path = file(`${name}.yaml`, text);
      const command = flag === '--map' ? ['validate', file('day.ndjson', line)] : ['generate'];
      const { code, err } = await fraudstream([...command, flag, path]);
      assert.equal(code, 78, err);
      assert.match(err, message);
    });
  }
}

test('a number that is an object without a text is refused, exit code 78', async () => {
  const path = file('object.yaml', 'habits:\n  remote:\n    to-string: 1\n    value-of: 1\n');
  const { code, err } = await fraudstream(['generate', '--world', path]);
  assert.equal(code, 78, err);
  assert.match(err, /habits\.remote is \{"toString":1,"valueOf":1\}/);
});

const model = readFileSync(join(fixtures, 'model', 'model.json'), 'utf8');
const cycle = model.replace(/"left_children":\[-?\d+/, '"left_children":[0');
const commands: Readonly<Record<string, readonly [args: () => string[], RegExp]>> = {
  'a line nested 200,000 deep': [
    () => ['replay', '--dry-run', file('deep.ndjson', `${deepLine}\n${line}\n`)],
    /deep\.ndjson:1: the line is not JSON \(nested deeper than 100 levels\)/,
  ],
  'a label nested 200,000 deep': [
    () => [
      ...['features', '--input', file('sound.ndjson', line)],
      ...['--labels', file('labels.ndjson', `{"transaction_id":${deep}}\n`)],
    ],
    /labels\.ndjson:1: /,
  ],
  'a report nested 200,000 deep': [
    () => ['report', file('deep.json', `{"schema_version":1,"command":"run","x":${deep}}`)],
    /deep\.json is not JSON: nested deeper than 100 levels/,
  ],
  'a report whose parts are of other types': [
    () => {
      const { schema_version } = JSON.parse(
        readFileSync(join(fixtures, 'schema', 'report.schema.json'), 'utf8'),
      ).properties;
      const odd = {
        schema_version: schema_version.const,
        command: 'run',
        delivery: 5,
        series: 'x',
      };
      return ['report', file('odd.json', JSON.stringify(odd))];
    },
    /odd\.json: delivery must be object/,
  ],
  'a checkpoint nested 200,000 deep': [
    () => [
      ...['replay', file('whole.ndjson', line), '--local', '--resume'],
      ...['--checkpoint', file('deep.checkpoint', `{"version":1,"settled":${deep}}`)],
    ],
    /deep\.checkpoint is not a checkpoint/,
  ],
  'a model with a cycle': [
    () => ['up', '--model', file('cycle.json', cycle)],
    /tree 0 reaches node 0 twice/,
  ],
  'a model in an archive that unpacks without end': [
    () => ['up', '--model', file('bomb.tar.gz', gzipSync(Buffer.alloc(300_000_000), { level: 1 }))],
    /bomb\.tar\.gz is not a model artifact/,
  ],
  'a field of CSV of many megabytes': [
    () => [
      ...['replay', '--dry-run', '--map', 'event_time=at,card_id=card,amount=amt,currency:USD'],
      file('wide.csv', `at,card,amt\n2026-01-31T23:59:59Z,${'x'.repeat(20_000_000)},1\n`),
    ],
    /wide\.csv:\d+: the line is not CSV/,
  ],
  'an amount with a megabyte of zeros': [
    () => [
      ...['replay', '--dry-run', '--map', 'event_time=at,card_id=card,amount=amt,currency:USD'],
      file('zeros.csv', `at,card,amt\n2026-01-31T23:59:59Z,C,1.${'0'.repeat(500_000)}1\n`),
    ],
    /zeros\.csv:2: amt must be an amount/,
  ],
  'an epoch out of range': [
    () => {
      const odd = ['1325376018000000000', '1e20', 'Infinity', 'NaN', '-1e13', '253402300800'];
      const rows = ['1325376018', ...odd, '1325376019'].map((at, row) => `${at},C${row},1`);
      const names = 'event_time: at\n  card_id: card\n  amount_minor: amt';
      const map = `fields:\n  ${names}\nconstants:\n  currency: USD\ntime-format: epoch-seconds\n`;
      return [
        ...['features', '--map', file('epoch.yaml', map)],
        ...['--input', file('epoch.csv', `at,card,amt\n${rows.join('\n')}\n`)],
      ];
    },
    /epoch\.csv:8: at cannot be read as event_time[\s\S]*2 rows of features, 6 bad lines/,
  ],
  'event times shifted beyond year 9999': [
    () => ['replay', file('shift.ndjson', line), '--local', '--time-shift', '4000000d'],
    /would be moved outside of the years 100 to 9999/,
  ],
};

for (const [what, [args, message]] of Object.entries(commands)) {
  test(`${what} is told, exit code 65`, async () => {
    const { code, err } = await fraudstream(args());
    assert.equal(code, 65, err.slice(-1_000));
    assert.match(err, message);
  });
}

/** Damaged in the header of its first page so that its decoder never comes to an end. */
function endless(): Buffer {
  const data = Array.from({ length: 5 }, (_, row) => `C${row}`);
  const minor = Array.from({ length: 5 }, (_, row) => row);
  const bytes = Buffer.from(
    parquetWriteBuffer({
      columnData: [
        { name: 'card', data, type: 'STRING' },
        { name: 'minor', data: minor, type: 'INT32' },
      ],
      statistics: false,
    }),
  );
  bytes[16] = 128;
  return bytes;
}

test('a damaged Parquet file that decodes without end is left at SIGTERM', async () => {
  const bad = file('bad.ndjson', 'not JSON\n');
  const run = start(['replay', '--dry-run', bad, file('endless.parquet', endless())]);
  await run.says(/bad\.ndjson:1: the line is not JSON/);
  run.child.kill('SIGTERM');
  const { code, err } = await run.ended;
  // The bad line decides the code; the damaged file was not waited for.
  assert.equal(code, 65, err);
  assert.match(err, /Stopping/);
  assert.doesNotMatch(err, /endless\.parquet/);
});
