import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fraudstream, shell } from '../support/fraudstream.ts';

const bash = missing('bash');
const zsh = missing('zsh');
const fish = missing('fish');

const completions: ReadonlyArray<readonly [words: readonly string[], replies: readonly string[]]> =
  [
    [['pro'], ['produce']],
    [['d'], ['demo', 'doctor']],
    [['--v'], ['--version']],
    [['help', 'con'], ['consume']],
    [
      ['produce', '--aggregation-max-'],
      ['--aggregation-max-count', '--aggregation-max-size'],
    ],
    [['produce', '--no'], ['--no-aggregation-enabled']],
    [
      ['produce', '--output', ''],
      ['human', 'json', 'ndjson'],
    ],
    [['produce', '--local', '--output', 'n'], ['ndjson']],
    [['completion', 'f'], ['fish']],
  ];
const bashOnly: typeof completions = [
  [['produce', '--output', '=', 'j'], ['json']],
  [
    ['produce', '--output', '='],
    ['human', 'json', 'ndjson'],
  ],
  [['produce', '--rate', ''], []],
  [['up', '--rat'], []],
  [['produce', '--input', '/dev/nul'], ['/dev/null']],
];

for (const [words, replies] of [...completions, ...bashOnly]) {
  const title = `bash completes "fraudstream ${words.join(' ')}" to ${replies.join(', ') || 'nothing'}`;
  test(title, { skip: bash }, async () => {
    const typed = ['fraudstream', ...words].map((word) => `'${word}'`).join(' ');
    const { code, out, err } = await shell(`
      eval "$(fraudstream completion bash)"
      complete -p fraudstream > /dev/null || exit 3
      COMP_WORDS=(${typed}) COMP_CWORD=${words.length}
      _fraudstream
      printf '%s\\n' "\${COMPREPLY[@]}"`);
    assert.deepEqual({ code, err }, { code: 0, err: '' });
    assert.deepEqual(out.split('\n').filter(Boolean), replies);
  });
}

for (const [words, replies] of completions) {
  const title = `fish completes "fraudstream ${words.join(' ')}" to ${replies.join(', ')}`;
  test(title, { skip: fish }, async () => {
    const { out: script } = await fraudstream(['completion', 'fish']);
    const typed = `complete -C "fraudstream ${words.join(' ')}"`;
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', `${script}\n${typed}`], {
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    const offered = stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split('\t')[0]);
    assert.deepEqual(offered.sort(), [...replies].sort());
  });
}

test('zsh takes its script for zsh', { skip: zsh }, async () => {
  const { out: script } = await fraudstream(['completion', 'zsh']);
  const run = spawnSync('zsh', ['-f', '-c', `${script}\nprint -r -- $_comps[fraudstream]`], {
    encoding: 'utf8',
  });
  assert.equal(run.stderr, '');
  assert.equal(run.stdout, '_fraudstream\n');
});

test('the script for zsh offers every flag, and the words of a choice', async () => {
  const { out } = await fraudstream(['completion', 'zsh']);
  assert.match(out, /'\(--rate -r\)--rate\[transactions per second, or max\]:rate: '/);
  assert.match(out, /'\(--output\)--output\[format of stdout\]:output:\(human json ndjson\)'/);
  assert.match(out, /'\*-i\[.*\]:input:_files'/);
  assert.match(out, /'1:<shell>:\(bash zsh fish\)'/);
});

function missing(shell: string): string | false {
  if (process.env.FRAUDSTREAM_REQUIRE_ALL === '1') return false;
  return spawnSync(shell, ['--version']).status === 0 ? false : `${shell} is not installed`;
}
