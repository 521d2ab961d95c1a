import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { exitCodes } from '../../exit-codes.ts';
import { type Command, command } from '../command.ts';
import { readConfig } from './config-file.ts';
import { setting } from './define-setting.ts';
import { list, pairs, path, text } from './parsers.ts';
import { configLines } from './print-config.ts';
import { count } from './quantities.ts';
import { resolveSettings } from './resolve-settings.ts';

let room = '';
before(async () => {
  room = await mkdtemp(join(tmpdir(), 'fraudstream-config-'));
});
after(() => rm(room, { recursive: true }));

const run = async () => exitCodes.ok;
const put: Command = command(
  {
    name: 'put',
    summary: 'puts',
    settings: {
      stream: setting('--stream <name>', 'where', undefined, text),
      inFlight: setting('--in-flight <count>', 'how many', 8, count),
      report: setting('--report <file>', 'files', [], list(path)),
      streams: setting('--streams <name:count>', 'streams', ['a:1'], pairs(count, 'a:1')),
    },
    examples: [],
  },
  run,
);
const take: Command = command(
  {
    name: 'take',
    summary: 'takes',
    settings: { stream: put.settings.stream ?? setting('--x', '', undefined, text) },
    examples: [],
  },
  run,
);

async function texts(content: string): Promise<Readonly<Record<string, unknown>>> {
  const file = join(room, 'fraudstream.yaml');
  await writeFile(file, content);
  const config = await readConfig(file, 'put', [put, take]);
  return Object.fromEntries(
    [...(config?.texts ?? [])].map(([name, { line, texts }]) => [name, [line, ...texts]]),
  );
}

const read: ReadonlyArray<readonly [string, string, Readonly<Record<string, unknown>>]> = [
  ['keys as flags are written', 'in-flight: 3', { 'in-flight': [1, '3'] }],
  ['keys in camelCase', '\ninFlight: 3', { 'in-flight': [2, '3'] }],
  ['a value as it was written', 'stream: 007e1', { stream: [1, '007e1'] }],
  ['a list', 'report: [a, b]', { report: [1, 'a', 'b'] }],
  ['an empty list', 'report: []', { report: [1] }],
  ['a mapping as pairs', 'streams:\n  a: 1\n  b: 2', { streams: [1, 'a:1', 'b:2'] }],
  [
    'the section of the verb over the top level',
    'stream: a\nput:\n  stream: b',
    { stream: [3, 'b'] },
  ],
  ['no other section', 'stream: a\ntake:\n  stream: b', { stream: [1, 'a'] }],
  ['an anchor', 'take: {stream: &s x}\nput: {stream: *s}', { stream: [2, 'x'] }],
  [
    'JSON',
    '{"stream": "a",\n "put": {"inFlight": 4}}',
    { stream: [1, 'a'], 'in-flight': [2, '4'] },
  ],
  ['settings beside $schema', '$schema: config.schema.json\nstream: a', { stream: [2, 'a'] }],
  ['nothing in an empty file', '# only this\n', {}],
];

for (const [title, content, expected] of read) {
  test(`a config file is read: ${title}`, async () => {
    assert.deepEqual(await texts(content), expected);
  });
}

const refused: ReadonlyArray<readonly [string, string, RegExp]> = [
  [
    'an unknown key',
    'stream: a\nin-fligth: 3',
    /yaml:2: unknown key "in-fligth"\. Did you mean "in-flight"\?/,
  ],
  [
    'an unknown key of a section, even of another verb',
    'take:\n  in-flight: 3',
    /yaml:2: unknown key "in-flight" in section "take"/,
  ],
  ['a verb without settings', 'put: 5', /yaml:1: "put" is a section/],
  ['a misspelt verb', 'ptu:\n  stream: a', /yaml:1: unknown key "ptu"\. Did you mean "put"\?/],
  ['a key twice', 'stream: a\nstream: b', /yaml:2: not YAML: Map keys must be unique/],
  ['a key without value', 'stream:', /yaml:1: "stream" is neither a value nor a list/],
  ['lists within lists', 'report: [[a]]', /yaml:1: "report" is neither a value nor a list/],
  ['a list on the top', '- a', /yaml:1: expected lines such as/],
  ['what is not YAML', 'stream: a\nreport: [', /yaml:\d: not YAML: /],
];

for (const [title, content, message] of refused) {
  test(`a config file is refused for ${title}, by its line`, async () => {
    await assert.rejects(texts(content), { code: 'bad-config', message });
  });
}

test('a config file that is named must be there', async () => {
  const file = join(room, 'absent.yaml');
  await assert.rejects(readConfig(file, 'put', [put]), {
    code: 'bad-config',
    message: /absent\.yaml cannot be read: there is no such file.* Check --config\./,
  });
});

test('what --print-config prints is a config file that says the same', async () => {
  const flags = new Map([
    ['stream', ['a: b #']],
    ['report', ['x', 'true']],
    ['streams', ['a:1', 'b:2']],
  ]);
  const resolved = resolveSettings(put.settings, { flags, env: {} });
  const file = join(room, 'printed.yaml');
  await writeFile(file, `${configLines('put', resolved).join('\n')}\n`);
  const again = resolveSettings(put.settings, {
    flags: new Map(),
    env: {},
    file: await readConfig(file, 'put', [put]),
  });
  const values = (all: typeof resolved) => all.map(({ key, value }) => [key, value]);
  assert.deepEqual(values(again), values(resolved));
});
