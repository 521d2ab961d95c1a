import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fraudstream } from '../support/fraudstream.ts';

let folder: string;
const at = (name: string): string => join(folder, name);

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fraudstream-report-files-'));
  await mkdir(at('folder.json'));
  const few = ['--count', '20', '--rate', 'max', '--progress', 'none'];
  await fraudstream(['produce', '--local', ...few, '--report', at('good.json')]);
});
after(() => rm(folder, { recursive: true }));

test('a report that cannot be written is refused before anything is done, by name', async () => {
  // An address where nobody answers: whoever gets so far ends with 69.
  const nowhere = ['--kinesis-endpoint-url', 'http://127.0.0.1:9'];
  const commands = [
    ['run', '--stream', 's', '--verdict-stream', 'v', ...nowhere],
    ['produce', '--stream', 's', ...nowhere],
    ['produce', '--stream', 's', ...nowhere, '--dry-run'],
    ['score', '--url', 'http://127.0.0.1:9'],
    ['search', '--url', 'http://127.0.0.1:9'],
    ['replay', at('absent.ndjson'), '--stream', 's', ...nowhere],
    ['consume', '--stream', 's', ...nowhere],
    ['record', '--stream', 's', ...nowhere, '--out', at('recorded.ndjson')],
    ['validate', at('absent.ndjson')],
    ['demo'],
  ];
  for (const words of commands) {
    const { code, out, err } = await fraudstream([...words, '--report', at('absent/x.json')]);
    assert.match(err, /^fraudstream: --report \S+absent\/x\.json cannot be written: there is no/);
    assert.deepEqual({ code, out }, { code: 2, out: '' }, words[0]);
  }
  const unknown = await fraudstream(['score', '--local', '--report', at('x.pdf')]);
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /cannot read "\S+x\.pdf"/);
  const { code, err } = await fraudstream([
    'report',
    at('good.json'),
    '--report',
    at('folder.json'),
  ]);
  assert.equal(code, 2);
  assert.match(err, /folder\.json cannot be written: it is a folder/);
});

const full = '/dev/full';
const skip = existsSync(full) ? false : `there is no ${full} here`;

test('a full disk behind one report costs neither the text nor the others: exit code 2', {
  skip,
}, async () => {
  await symlink(full, at('full.html'));
  const few = ['--local', '--count', '20', '--rate', 'max', '--progress', 'none'];
  const files = [at('full.html'), at('a.json'), at('b.md')];
  const reports = files.flatMap((file) => ['--report', file]);
  for (const verb of ['produce', 'score', 'run', 'demo']) {
    const { code, out, err } = await fraudstream([
      verb,
      ...(verb === 'demo' ? few.slice(1) : few),
      ...reports,
    ]);
    assert.equal(code, 2, err);
    assert.match(out, /20/, verb);
    assert.equal(err.match(/full\.html cannot be written: ENOSPC/g)?.length, 1, err);
    assert.equal(JSON.parse(await readFile(at('a.json'), 'utf8')).command, verb);
    assert.match(await readFile(at('b.md'), 'utf8'), new RegExp(`fraudstream ${verb}`));
  }
  const to = files.flatMap((file) => ['--report', file]);
  const { code, out, err } = await fraudstream(['report', at('good.json'), ...to]);
  assert.equal(code, 2, err);
  assert.match(out, /fraudstream produce/);
  assert.match(await readFile(at('b.md'), 'utf8'), /fraudstream produce/);
});
