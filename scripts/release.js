/**
 * Makes a release: `npm run release 0.2.0`.
 *
 * Needs a clean work tree on the branch main, "## 0.2.0 (unreleased)" as the first heading of a version in CHANGELOG.md, and the public
 * addresses of the project in package.json. Sets the version and the date, runs all checks, commits, and tags. Nothing is pushed: the
 * workflow release.yml publishes the tag once it is. `--dry-run` changes nothing; `--skip-checks` leaves the checks out.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const [version = '', ...flags] = process.argv.slice(2);
const changelog = readFileSync('CHANGELOG.md', 'utf8');
const settings = JSON.parse(readFileSync('package.json', 'utf8'));
// The registry checks the statement of provenance against the repository.
const missing = ['repository', 'homepage', 'bugs'].filter((field) => !settings[field]);
const heading = `## ${version} (unreleased)`;
const faults = [
  !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version) &&
    `"${version}" is not a version. Use: npm run release 0.2.0`,
  git('status', '--porcelain') !== '' && 'The work tree has changes. Commit or stash them.',
  git('branch', '--show-current') !== 'main' && 'This is not the branch main. Use: git switch main',
  git('tag', '--list', `v${version}`) !== '' &&
    `The tag v${version} exists. Choose another version.`,
  /^## .*$/m.exec(changelog)?.[0] !== heading &&
    `The first version in CHANGELOG.md is not "${heading}". Write what has changed under this heading.`,
  missing.length > 0 &&
    `package.json has no ${missing.join(', no ')}. Set the public address of the project: CONTRIBUTING.md, "Release".`,
].filter(Boolean);
if (faults.length > 0) {
  console.error(faults.join('\n'));
  process.exit(1);
}
if (flags.includes('--dry-run')) {
  console.log(`${version} can be released.`);
} else {
  const today = new Date().toISOString().slice(0, 10);
  writeFileSync('CHANGELOG.md', changelog.replace(heading, `## ${version} (${today})`));
  run(
    'npm',
    'version',
    version,
    '--no-git-tag-version',
    '--allow-same-version',
    '--ignore-scripts',
  );
  if (!flags.includes('--skip-checks')) {
    run('npm', 'run', 'check');
    run('npm', 'run', 'docs');
    run('npm', 'run', 'lint:package');
  }
  run('git', 'commit', '--all', '--message', `Release ${version}`);
  run('git', 'tag', '--annotate', `v${version}`, '--message', `fraudstream ${version}`);
  console.log('Publish it: git push --follow-tags origin main');
}

function git(...args) {
  return execFileSync('git', args, { encoding: 'utf8' }).trim();
}

function run(command, ...args) {
  execFileSync(command, args, { stdio: 'inherit' });
}
