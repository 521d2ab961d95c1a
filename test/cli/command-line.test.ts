import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { commands } from '../../dist/commands/all-commands.js';
import { fixtures, fraudstream } from '../support/fraudstream.ts';

const room = mkdtempSync(join(tmpdir(), 'fraudstream-cli-'));
after(() => rmSync(room, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(room, name);
  writeFileSync(path, content);
  return path;
}

const example = join(fixtures, 'config', 'fraudstream.yaml');

test('an error has no escapes where stderr is no terminal, and no stack', async () => {
  const { err, out } = await fraudstream(['demo', '--rate', 'x'], { FORCE_COLOR: '1' });
  assert.ok(!err.includes('\u001b'));
  assert.equal(err.trimEnd().split('\n').length, 1);
  assert.equal(out, '');
});

test('--version prints the version of package.json', async () => {
  const { version } = JSON.parse(readFileSync(join(fixtures, '..', 'package.json'), 'utf8'));
  for (const flag of ['--version', '-V']) {
    assert.deepEqual(await fraudstream([flag]), { code: 0, out: `${version}\n`, err: '' });
  }
});

test('--print-config says of every setting who set it', async () => {
  const args = ['up', '--port', '4567', '--config', example, '--print-config'];
  const { code, out, err } = await fraudstream(args, { AWS_REGION: 'eu-north-1' });
  assert.deepEqual({ code, err }, { code: 0, err: '' });
  const lines = out.split('\n').map((line) => line.trim().split(/\s+# /));
  assert.deepEqual(lines[0], ['up:']);
  for (const line of [
    ['streams: ["transactions:4", "verdicts:1"]', `file ${example}:19`],
    ['port: 4567', 'flag --port'],
    ['region: eu-north-1', 'env AWS_REGION'],
    ['account: 000000000000', 'default'],
    ['shard-limits: aws', 'default'],
    ['retained-bytes: 512MiB', 'default'],
    ['tls: false', 'default'],
    ['fault: ["throttle:0.05", "latency:p50=20ms,p99=400ms"]', `file ${example}:20`],
    ['endpoint: true', 'default'],
    ['# model:', 'default'],
    ['flink-option: []', 'default'],
  ]) {
    const same = lines.filter(([setting]) => setting === line[0]);
    assert.deepEqual(same, [line]);
  }
});

test('every verb with flags takes the config file of the docs', async () => {
  for (const { name, settings } of commands.filter(({ settings }) => !('shell' in settings))) {
    const words = 'files' in settings ? [name, '-'] : [name];
    const { code, err } = await fraudstream([...words, '--config', example, '--print-config']);
    assert.deepEqual({ code, err }, { code: 0, err: '' }, name);
  }
});

test('a switch of the config file is overruled by --no-<flag>', async () => {
  const config = file('local.yaml', 'produce: {local: true}\n');
  const args = ['produce', '--config', config, '--print-config'];
  assert.match((await fraudstream(args)).out, /^ {2}local: true /m);
  assert.match(
    (await fraudstream([...args, '--no-local'])).out,
    /^ {2}local: false .*flag --local$/m,
  );
});
