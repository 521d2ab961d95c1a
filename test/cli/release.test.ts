import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fixtures } from '../support/fraudstream.ts';

const script = join(fixtures, '..', 'scripts', 'release.js');
const addresses = {
  repository: { type: 'git', url: 'git+https://example.com/a.git' },
  homepage: 'https://example.com/a',
  bugs: 'https://example.com/a/issues',
};
let folder = '';
const git = (...args: readonly string[]): string => {
  const named = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args];
  return execFileSync('git', named, { cwd: folder, encoding: 'utf8' });
};
const release = (...args: readonly string[]) =>
  spawnSync(process.execPath, [script, ...args], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      ...process.env,
      ...{ GIT_AUTHOR_NAME: 'Test', GIT_AUTHOR_EMAIL: 'test@example.com' },
      ...{ GIT_COMMITTER_NAME: 'Test', GIT_COMMITTER_EMAIL: 'test@example.com' },
    },
  });

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'fraudstream-release-'));
  git('init', '--quiet', '--initial-branch', 'main');
  const settings = { name: 'a', version: '0.1.0', ...addresses };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
  writeFileSync(join(folder, 'CHANGELOG.md'), '# Changelog\n\n## 0.2.0 (unreleased)\n\n- News.\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
});
after(() => rmSync(folder, { recursive: true }));

test('a release is refused with every reason, and changes nothing', () => {
  writeFileSync(join(folder, 'loose.txt'), '');
  const { status, stderr } = release('0.3');
  assert.equal(status, 1);
  assert.match(stderr, /"0\.3" is not a version/);
  assert.match(stderr, /has changes/);
  assert.match(stderr, /is not "## 0\.3 \(unreleased\)"/);
  rmSync(join(folder, 'loose.txt'));
  writeFileSync(join(folder, 'package.json'), '{ "name": "a", "homepage": "https://example.com" }');
  const anonymous = release('0.2.0').stderr;
  assert.match(anonymous, /package\.json has no repository, no bugs\. Set the public address/);
  git('checkout', '--quiet', 'package.json');
  assert.equal(release('0.2.0', '--dry-run').stdout, '0.2.0 can be released.\n');
  assert.equal(git('status', '--porcelain'), '');
});

test('a release sets version and date, commits and tags', () => {
  const { status, stderr } = release('0.2.0', '--skip-checks');
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version, '0.2.0');
  assert.match(
    readFileSync(join(folder, 'CHANGELOG.md'), 'utf8'),
    /^## 0\.2\.0 \(\d{4}-\d\d-\d\d\)$/m,
  );
  assert.equal(git('describe').trim(), 'v0.2.0');
  assert.equal(git('status', '--porcelain'), '');
  assert.match(release('0.2.0').stderr, /The tag v0\.2\.0 exists/);
});
