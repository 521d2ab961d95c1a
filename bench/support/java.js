import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { skip } from './benchmark.js';
import { localAws } from './processes.js';

const root = join(import.meta.dirname, '..', '..');
const flink = join(root, 'pipeline', 'flink', 'target');
const interop = join(root, 'test', 'interop');

/** What Flink's own start scripts pass to Java 17. */
const opens = ['java.lang', 'java.util', 'java.time'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
);

/** The Flink job with its tests. */
export const flinkClassPath = ['test-classes', 'fraudstream-flink.jar', join('local-flink', '*')]
  .map((part) => join(flink, part))
  .join(delimiter);

/** Ends the benchmark, and says so, where the Flink job is not built. */
export function needFlinkJob() {
  if (existsSync(join(flink, 'test-classes')) && existsSync(join(flink, 'fraudstream-flink.jar'))) {
    return;
  }
  skip('the Flink job is not built: mvn -f pipeline/flink package -DskipTests');
}

/** The programs of test/interop beside one of the two KPLs; built by Maven, or the benchmark ends. */
export function interopClassPath(kpl = '1.0.7') {
  const goal = ['-B', '-ntp', '-q', '-P', `kpl-${kpl}`, '-f', interop, 'process-classes'];
  const { status, error } = spawnSync('mvn', goal, { stdio: ['ignore', 2, 2] });
  if (error !== undefined) skip('there is no Maven');
  if (status !== 0) throw new Error(`mvn -f ${interop} process-classes ended with ${status}.`);
  const target = join(interop, 'target', kpl);
  return [join(target, 'classes'), join(target, 'lib', '*')].join(delimiter);
}

/** How to start a Java program. `JAVA_PROFILE` has options of the JVM. */
export function javaCommand(classPath, main, args) {
  const profile = (process.env.JAVA_PROFILE ?? '').split(' ').filter(Boolean);
  return ['java', ...opens, ...profile, '-Xmx1g', '-cp', classPath, main, ...args.map(String)];
}

/** The last line that a Java program prints, as numbers. */
export function javaNumbers(classPath, main, args, env = {}) {
  const [java, ...words] = javaCommand(classPath, main, args);
  const out = execFileSync(java, words, {
    // CBOR is what the SDK speaks to AWS.
    env: { ...process.env, ...localAws, CBOR_ENABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', process.env.JAVA_PROFILE ? 'inherit' : 'ignore'],
    timeout: 180_000,
  });
  return out.toString().trim().split('\n').at(-1).split(' ').map(Number);
}
