import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { test } from 'node:test';

const source = join(import.meta.dirname, '..', 'src');

/** Room to floor. A file imports from its own room or from a lower floor, never upward. */
const floors: Readonly<Record<string, number>> = {
  addresses: 0,
  records: 0,
  stream: 0,
  http: 1,
  generators: 1,
  pacing: 1,
  aggregation: 1,
  correlation: 1,
  features: 1,
  reporting: 1,
  storage: 1,
  kinesis: 2,
  scoring: 2,
  files: 2,
  stack: 2,
  local: 3,
  commands: 4,
};
/** Files that stand in no room: the hall above, the exit codes and the error class below. */
const loose: Readonly<Record<string, number>> = {
  'main.ts': 5,
  'index.ts': 5,
  'outside.ts': 5,
  'exit-codes.ts': -2,
  'fraudstream-error.ts': -1,
};
/** The halls: the first file of the process and that of each thread. */
const isHall = (path: string): boolean => /^(main|outside)\.ts$|-thread\.ts$/.test(path);
/** Outside doors: who may import a package. */
const doors: ReadonlyArray<readonly [RegExp, RegExp]> = [
  [
    /^@aws-sdk\/|^@smithy\//,
    /^(http\/|kinesis\/client\/|scoring\/clients\/|stack\/|files\/reading\/s3\.ts)/,
  ],
  [/^commander$/, /^(main\.ts|commands\/)/],
  [/^(chalk|cli-progress)$/, /^reporting\//],
  [/^@faker-js\//, /^generators\//],
  [/^undici$/, /^scoring\/clients\//],
  [/^hyparquet/, /^files\//],
  [/^(csv-parse|tinyglobby)$/, /^files\/reading\//],
  [/^luxon$/, /^files\/mapping\//],
];

const files = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split(sep).join('/'))
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
const imports = files.flatMap((from) =>
  [...readFileSync(join(source, from), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(
    (match) => ({ from, to: match[1] ?? '' }),
  ),
);
const room = (path: string): string => path.split('/')[0] ?? path;
const floorOf = (path: string): number => {
  const floor = path.includes('/') ? floors[room(path)] : loose[path];
  assert.notEqual(floor, undefined, `${path} stands on no floor: add its room to floors.test.ts`);
  return floor ?? Number.NaN;
};

test('a file imports from its own room or from a lower floor', () => {
  assert.ok(imports.length > 0);
  for (const { from, to } of imports) {
    if (!to.startsWith('.') || from.endsWith('.test.ts')) continue;
    const target = normalize(join(dirname(from), to))
      .split(sep)
      .join('/');
    const ownRoom = from.includes('/') && room(from) === room(target);
    const downward = floorOf(target) < floorOf(from) || floorOf(from) === 5;
    if (isHall(from) && target === 'outside.ts') continue;
    assert.ok(ownRoom || downward, `${from} imports ${target}`);
  }
});

test('a package is imported only behind its door', () => {
  for (const { from, to } of imports) {
    for (const [name, allowed] of doors) {
      if (!name.test(to) || from.endsWith('.test.ts')) continue;
      assert.match(from, allowed, `${from} imports ${to}`);
    }
  }
});

test('process, console, the wall clock and unseeded randomness stay in the halls', () => {
  const outside = /\bprocess\.|\bconsole\.|\bDate\.now\(|\bMath\.random\(|\bperformance\.now\(/;
  for (const from of files) {
    if (from.endsWith('.test.ts') || isHall(from)) continue;
    const code = readFileSync(join(source, from), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
    assert.doesNotMatch(code, outside, from);
  }
});
