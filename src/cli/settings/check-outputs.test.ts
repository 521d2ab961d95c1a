import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { checkOutputs } from './check-outputs.ts';
import { setting } from './define-setting.ts';
import { list, output, path } from './parsers.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'outputs-')));
after(() => rmSync(folder, { recursive: true }));
const there = (name: string): string => join(folder, name);
writeFileSync(there('day.ndjson'), '');
symlinkSync(there('day.ndjson'), there('link.ndjson'));

const input = setting('-i, --input <file>', 'read', [], list(path));
const out = setting('-o, --out <file>', 'written', undefined, output);
const rejects = setting('--rejects <file>', 'written too', undefined, output);
const check = (read: readonly string[], written?: string, others?: string) => () =>
  checkOutputs([
    { setting: input, value: read },
    { setting: out, value: written },
    { setting: rejects, value: others },
  ]);

test('a file that is read, by whatever name, is not written over', () => {
  const refused = /--out would write over .*ndjson, which --input reads/;
  assert.throws(check([there('day.ndjson')], there('day.ndjson')), refused);
  assert.throws(check([there('day.ndjson')], there('link.ndjson')), refused);
  assert.throws(check(['other.ndjson', there('link.ndjson')], there('./x/../day.ndjson')), refused);
});

test('two outputs are two files', () => {
  const refused = /--rejects would write over .*new.ndjson, which --out writes/;
  assert.throws(check([], there('new.ndjson'), there('./new.ndjson')), refused);
});

test('what can be shared may be', () => {
  check([there('day.ndjson'), there('day.ndjson')], there('new.ndjson'))();
  check(['-', 's3://bucket/day.ndjson'], '/dev/null', '/dev/null')();
});

test('a file in no folder is refused at once', () => {
  assert.throws(
    check([], there('nowhere/new.ndjson')),
    /--out .* cannot be written: there is no folder .*nowhere/,
  );
});
