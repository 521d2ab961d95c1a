import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { test } from 'node:test';

const source = join(import.meta.dirname, '..', 'src');

/** Folders from the bottom to the top. A file imports from its own folder or from a lower layer. */
const layers: readonly (readonly string[])[] = [
  ['exit-codes.ts'],
  ['errors.ts'],
  ['optional-package.ts'],
  ['stream', 'text', 'geoip'],
  ['storage', 'http'],
  ['transactions'],
  ['kpl', 'generators', 'features', 'model', 'pacing', 'metrics'],
  ['contract'],
  ['kinesis', 'scoring', 'stack'],
  ['files'],
  ['report', 'emulators', 'engine'],
  ['pipeline-test'],
  ['capacity'],
  ['cli'],
  ['commands/shared'],
  ['commands'],
  ['runtime.ts', 'index.ts', 'main.ts'],
];
/** Entry points of the process, of its threads and of the library: they may reach up to `runtime.ts`. */
const isEntryPoint = (path: string): boolean =>
  /^(main|index|runtime)\.ts$|-thread\.ts$/.test(path);
/** Who may import a package. */
const packages: ReadonlyArray<readonly [RegExp, RegExp]> = [
  [
    /^@aws-sdk\/|^@smithy\//,
    /^(http\/|kinesis\/client\/|scoring\/clients\/|stack\/|files\/reading\/s3\.ts|pipeline-test\/verdict-sources\/)/,
  ],
  [/^commander$/, /^(main\.ts|cli\/)/],
  [/^(chalk|cli-progress)$/, /^report\//],
  [/^@faker-js\//, /^generators\//],
  [/^(https?-proxy-agent|proxy-from-env)$/, /^http\//],
  [/^hyparquet/, /^files\//],
  [/^tinyglobby$/, /^files\/reading\//],
  [/^ajv/, /^report\//],
  [/^(avsc|protobufjs)$/, /^(contract\/codecs\/|files\/contract-codecs\.ts)/],
  [/^@opentelemetry\//, /^report\/otlp-push\.ts$/],
  [/^luxon$/, /^contract\/values\//],
];

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
const imports = files.flatMap((from) =>
  [...readFileSync(join(source, from), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => ({ from, to: match[1] ?? '' }),
  ),
);
/** A command's folder is its own; everything else is grouped by its top folder. */
const folderOf = (path: string): string => {
  const [top = path, second] = path.split('/');
  if (top !== 'commands') return top;
  return second === 'shared' ? 'commands/shared' : top;
};
const layerOf = (path: string): number => {
  const layer = layers.findIndex((names) => names.includes(folderOf(path)));
  assert.notEqual(layer, -1, `${path} is in no layer: add its folder to layers.test.ts`);
  return layer;
};
const commandOf = (path: string): string | undefined =>
  /^commands\/(?!shared\/)([^/]+)\//.exec(path)?.[1];

test('a file imports from its own folder or from a lower layer', () => {
  assert.ok(imports.length > 0);
  for (const { from, to } of imports) {
    if (!to.startsWith('.') || from.endsWith('.test.ts')) continue;
    const target = normalize(join(dirname(from), to))
      .split(sep)
      .join('/');
    if (isEntryPoint(from) && target === 'runtime.ts') continue;
    const isOwnFolder = folderOf(from) === folderOf(target);
    const isLower = layerOf(target) < layerOf(from);
    assert.ok(isOwnFolder || isLower, `${from} imports ${target}`);
  }
});

test('a command does not import another command', () => {
  for (const { from, to } of imports) {
    const own = commandOf(from);
    if (own === undefined || !to.startsWith('.') || from.endsWith('.test.ts')) continue;
    const target = normalize(join(dirname(from), to))
      .split(sep)
      .join('/');
    const other = commandOf(target) ?? own;
    assert.equal(other, own, `${from} imports ${target}`);
  }
});

test('a package is imported only where it belongs', () => {
  for (const { from, to } of imports) {
    for (const [name, allowed] of packages) {
      if (!name.test(to) || from.endsWith('.test.ts')) continue;
      assert.match(from, allowed, `${from} imports ${to}`);
    }
  }
});

test('process, console, the wall clock and unseeded randomness stay in the entry points', () => {
  const ambient = /\bprocess\.|\bconsole\.|\bDate\.now\(|\bMath\.random\(|\bperformance\.now\(/;
  for (const from of files) {
    if (from.endsWith('.test.ts') || isEntryPoint(from)) continue;
    const code = readFileSync(join(source, from), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    assert.doesNotMatch(code, ambient, from);
  }
});
