/**
 * Tests of the pipeline around the command line: the AWS infrastructure (npm), the Flink job (Maven, JDK 17).
 *
 * What is not installed is skipped and said; with FRAUDSTREAM_REQUIRE_ALL it fails.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const pipeline = join(import.meta.dirname, '..', 'pipeline');
const infra = join(pipeline, 'infra');
const needed = Boolean(process.env.FRAUDSTREAM_REQUIRE_ALL);
const run = (command, args, cwd) =>
  spawnSync(command, args, { cwd, stdio: 'inherit' }).status === 0;
const has = (command, args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

const held = [
  existsSync(join(infra, 'node_modules')) || run('npm', ['ci', '--no-audit', '--no-fund'], infra),
  run('npm', ['test'], infra),
  has('mvn', ['--version']) && has('javac', ['--version'])
    ? run('mvn', ['--batch-mode', '--no-transfer-progress', 'verify'], join(pipeline, 'flink'))
    : skipped(
        'the Flink job: there is no Maven or no JDK (Debian: apt-get install maven openjdk-17-jdk-headless)',
      ),
];
process.exitCode = held.every(Boolean) ? 0 : 1;

function skipped(what) {
  console.log(`${needed ? 'missing' : 'skipped'}: ${what}`);
  return !needed;
}
