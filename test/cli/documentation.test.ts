import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fixtures, fraudstream } from '../support/fraudstream.ts';
import { inProcess } from '../support/in-process.ts';

const root = join(fixtures, '..');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`),
  ...readdirSync(join(root, 'docs', 'adr')).map((name) => `docs/adr/${name}`),
].filter((path) => path.endsWith('.md'));

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** Command lines of indented blocks, those that go on in the next line joined. */
function commandLines(text: string): readonly string[] {
  const lines = text.replaceAll(/ *\\\n +/g, ' ').split('\n');
  return lines.flatMap((line) => {
    const [, command] = /^ {4}(?:[A-Z_]+=\S+ )*(?:\$ )?(?:npx )?fraudstream (.+)$/.exec(line) ?? [];
    return command === undefined ? [] : [command];
  });
}

/** The words of a command as a shell takes them, up to a pipe, a redirection or a comment. */
function wordsOf(command: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of command.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)) {
    if (/^([|&;<>#]|\d?>)/.test(word)) break;
    words.push(word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2').replace(/;$/, ''));
  }
  return words;
}

test('every command in the documentation is a command line that is understood', async () => {
  const commands = pages.flatMap((path) =>
    commandLines(textOf(path)).map((command) => ({ path, command })),
  );
  assert.ok(commands.length > 60, `${commands.length}`);
  const understood = commands.filter(({ command }) => !/^(completion|help|--)|►/.test(command));
  const refused: string[] = [];
  for (const { path, command } of understood) {
    const { code, err } = await inProcess([...wordsOf(command), '--print-config']);
    if (code !== 0) refused.push(`${path}: ${command}\n${err}`);
  }
  assert.deepEqual(refused, []);
});

test('every link within the documentation leads to a file', () => {
  for (const path of pages) {
    for (const [, target = ''] of textOf(path).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)) {
      assert.ok(existsSync(join(root, dirname(path), target)), `${path}: ${target}`);
    }
  }
});

/**
 * Lines of the demo without what depends on the speed of the machine: on a busy one shards throttle, and
 * transactions reach the engine in another order.
 */
function lastingLines(text: string): readonly string[] {
  const timed =
    /^(Throughput|Kinesis records|Requests|Put again|Generator|Latency|due to receipt|PutRecords|Shard |shardId|endpoint answered|left |[\d.]+ cores|Engine|\d+ of|\d+ transactions)/;
  const judged = /^(Truth|At threshold|Confusion|Ranking)/;
  return text.split('\n').flatMap((line) => {
    const trimmed = line.trim();
    if (trimmed === '' || timed.test(trimmed) || / (fraud|genuine) {2}/.test(trimmed)) return [];
    return [judged.test(trimmed) ? trimmed.replaceAll(/[\d.,]+/g, '#') : trimmed];
  });
}

test('README.md shows what "demo --seed 7" prints', async () => {
  const [, shown = ''] = /<!-- demo -->([\s\S]*)<!-- \/demo -->/.exec(textOf('README.md')) ?? [];
  const { code, out, err } = await fraudstream(['demo', '--seed', '7', '--progress', 'none']);
  assert.equal(code, 0, err);
  assert.deepEqual(lastingLines(shown), lastingLines(out), 'npm run update:readme');
});
