import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { fraudstream, start } from '../support/fraudstream.ts';

function hasSigning(): boolean {
  try {
    return execFileSync('curl', ['--help', 'all'], { encoding: 'utf8' }).includes('--aws-sigv4');
  } catch {
    // No curl at all.
    return false;
  }
}
const skip =
  hasSigning() || process.env.FRAUDSTREAM_REQUIRE_ALL ? false : 'needs curl 7.75 or later';

const own = { AWS_ACCESS_KEY_ID: 'AKIDOWN', AWS_SECRET_ACCESS_KEY: 'secret/own' };
const session = { ...own, AWS_SESSION_TOKEN: 'token' };
const signed = ['--endpoint-auth', 'sigv4'];

type Row = readonly [what: string, flags: readonly string[], env: Readonly<Record<string, string>>];
const table: readonly Row[] = [
  ['no conditions', [], {}],
  ['a key', ['--api-key', "it's k1"], {}],
  ['signatures', signed, {}],
  ["signatures with this shell's keys", signed, own],
  ["signatures with this shell's session", [...signed, '--region', 'eu-west-1'], session],
  ['a key and signatures', [...signed, '--api-key', 'k1'], {}],
];
for (const [what, flags, env] of table) {
  test(`what up prints works as it is printed, with ${what}`, { skip }, async () => {
    const run = start(['up', ...flags], env);
    try {
      const [said] = await run.says(/Ready[\s\S]*\/score\n/);
      const lines = said.split('\n').filter((line) => /^ {2}(export|curl) /.test(line));
      assert.ok(!said.includes('secret/own'));
      const [, key = ''] = flags.slice(flags.indexOf('--api-key'));
      // A key is shown to nobody: whoever gave it has it in a variable.
      const shellEnv = { PATH: process.env.PATH ?? '', API_KEY: key, ...env };
      const options = { encoding: 'utf8', env: shellEnv } as const;
      const answer = execFileSync('bash', ['-ec', lines.join('\n')], { ...options, stdio: 'pipe' });
      assert.match(answer, /^0\.\d+\n$/);
    } finally {
      run.child.kill('SIGINT');
      await run.ended;
    }
  });
}

for (const flags of [
  ['--endpoint-fault', 'throttle=0.2'],
  ['--api-key', 'k1'],
  ['--endpoint-auth', 'sigv4'],
  ['--model', 'booster.json'],
]) {
  test(`up --no-endpoint refuses ${flags[0]}, which would do nothing`, async () => {
    const { code, err } = await fraudstream(['up', '--no-endpoint', ...flags]);
    assert.equal(code, 2, err);
    assert.ok(err.includes(`${flags[0]} has no effect with --no-endpoint`), err);
  });
}
