import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { allSettings } from '../../dist/cli/command.js';
import { flagOf } from '../../dist/cli/settings/define-setting.js';
import { commands } from '../../dist/commands/all-commands.js';
import { fixtures, fraudstream } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';

const names = commands.map(({ name }) => name);
const root = join(fixtures, '..');

const goldens: readonly (readonly [name: string, args: readonly string[]])[] = [
  ['fraudstream', ['--help']],
  ...names.map((name) => [name, [name, '--help']] as const),
  ...commands
    .filter(({ mainFlags }) => mainFlags)
    .map(({ name }) => [`${name}.all`, [name, '--help-all']] as const),
];

for (const [name, args] of goldens) {
  test(`"${args.join(' ')}" prints fixtures/help/${name}.txt on stdout, and nothing else`, async () => {
    const golden = readFileSync(join(fixtures, 'help', `${name}.txt`), 'utf8');
    assert.deepEqual(await fraudstream(args), { code: 0, out: golden, err: '' });
  });
}

test('help is bound to 80 columns where it is prose', async () => {
  for (const args of [['--help'], ...names.map((name) => [name, '--help'])]) {
    const { out } = await inProcess(args);
    const [prose = ''] = out.split('\nExamples:');
    const long = prose.split('\n').filter((line) => line.length > 80);
    assert.deepEqual(long, [], args.join(' '));
  }
});

test('--help fits a screen of 50 lines, and names the flag for all others', async () => {
  for (const args of [['--help'], ...names.map((name) => [name, '--help'])]) {
    const { out } = await inProcess(args);
    assert.ok(out.trimEnd().split('\n').length <= 50, args.join(' '));
  }
});

test('--help-all has every flag of a command', async () => {
  for (const command of commands) {
    const { out } = await inProcess([command.name, '--help-all']);
    const flags = Object.values(allSettings(command)).map(flagOf);
    assert.deepEqual(
      flags.filter((flag) => !out.includes(flag.replace(/^<|\.\.\.>$/g, ''))),
      [],
    );
  }
});

test('without a verb it prints what to try on stderr', async () => {
  const { code, out, err } = await fraudstream([]);
  assert.deepEqual([code, out], [2, '']);
  assert.match(err, /Try:\n {2}fraudstream demo/);
});

test('"version" prints what --version prints', async () => {
  assert.deepEqual(await fraudstream(['version']), await fraudstream(['--version']));
});

test('--quiet leaves stderr to errors, --verbose prints the settings in use', async () => {
  const small = ['produce', '--local', '--count', '50', '--output', 'json'];
  const quiet = await fraudstream([...small, '-q', '--progress', 'text']);
  assert.deepEqual([quiet.code, quiet.err], [0, '']);
  const verbose = await fraudstream([...small, '-v', '--seed', '5']);
  assert.match(verbose.err, /^produce:\n(.*\n)* {2}seed: 5 +# flag --seed$/m);
  const wrong = await fraudstream(['produce', '-q', '--local', '--fail-if', 'nothing > 1']);
  assert.match(wrong.err, /the report has no figure "nothing"/);
});

test('"help <verb>" prints what "<verb> --help" prints', async () => {
  assert.deepEqual(await fraudstream(['help', 'produce']), await fraudstream(['produce', '-h']));
});

test('every example of the help is a command line that is understood', async () => {
  const lines = commands.flatMap(({ examples }) => examples.map(({ line }) => line));
  const checked = lines.filter((line) => /^fraudstream (?!completion)/.test(line));
  assert.ok(checked.length >= 10);
  for (const line of checked) {
    const words = line.replace(/ > .*/, '').match(/"[^"]*"|\S+/g) ?? [];
    const args = words.slice(1).map((word) => word.replaceAll('"', ''));
    const { code, err } = await inProcess([...args, '--print-config']);
    assert.equal(code, 0, `${line}\n${err}`);
  }
});

test('docs/cli.md is what "npm run docs:cli" writes', () => {
  const script = join(root, 'scripts', 'docs-cli.js');
  const { stdout, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  assert.equal(stderr, '');
  assert.equal(readFileSync(join(root, 'docs', 'cli.md'), 'utf8'), stdout);
});

test('help loads commander and nothing heavier', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fraudstream-loads-'));
  try {
    await fraudstream(['produce', '--help'], { NODE_V8_COVERAGE: folder });
    const urls = readdirSync(folder).flatMap((name) => {
      const report: { readonly result: readonly { readonly url: string }[] } = JSON.parse(
        readFileSync(join(folder, name), 'utf8'),
      );
      return report.result.map(({ url }) => url);
    });
    const files = urls.filter((url) => url.startsWith('file:'));
    assert.ok(files.some((url) => url.endsWith('/dist/bundle/main.cjs')));
    // The source map of a file of the bundle has the modules that it was made of.
    const modules = files
      .map((url) => new URL(`${url}.map`))
      .filter((map) => existsSync(map))
      .flatMap((map): readonly string[] => JSON.parse(readFileSync(map, 'utf8')).sources);
    const packages = [...files, ...modules].flatMap(
      (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? [],
    );
    assert.deepEqual([...new Set(packages)], ['commander']);
    assert.deepEqual(
      modules.filter((path) => /generators\/(world|spending|simulation)/.test(path)),
      [],
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
