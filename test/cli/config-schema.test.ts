import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { fixtures } from '../support/fraudstream.ts';

const root = join(fixtures, '..');
const path = join(fixtures, 'schema', 'config.schema.json');
const isValid = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(path, 'utf8')));

test('config.schema.json is what "npm run update:golden" writes', () => {
  const made = execFileSync(process.execPath, [join(root, 'scripts', 'config-schema.js')], {
    encoding: 'utf8',
  });
  assert.equal(readFileSync(path, 'utf8'), made);
});

test('the config files of fixtures and examples conform to their schema', () => {
  const folders = readdirSync(join(root, 'examples'), { withFileTypes: true });
  const files = [
    join(fixtures, 'config', 'fraudstream.yaml'),
    ...folders
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(root, 'examples', name, 'fraudstream.yaml'))
      .filter((file) => existsSync(file)),
  ];
  assert.ok(files.length > 3);
  for (const file of files) {
    assert.ok(
      isValid(parse(readFileSync(file, 'utf8'))),
      `${file}: ${JSON.stringify(isValid.errors)}`,
    );
  }
});

test('the schema refuses what the command line refuses: unknown keys, a flag in the wrong section', () => {
  for (const wrong of [
    'raet: 5k/s',
    'run: { raet: 5k/s }',
    'consume: { rate: 5k/s }',
    'output: loud',
  ]) {
    assert.equal(isValid(parse(wrong)), false, wrong);
  }
  for (const right of ['$schema: any', 'rate: 5k/s', 'run: { rate: 500 }', 'up: { tls: true }']) {
    assert.equal(isValid(parse(right)), true, right);
  }
});
