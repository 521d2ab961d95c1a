import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { FraudstreamError } from '../../errors.ts';
import { mavenFailure } from './maven-failure.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What a JVM needs to run the job: the command of Java and the arguments before those of the job. */
export interface FlinkJar {
  readonly java: string;
  readonly before: readonly string[];
}

const project: string = join(import.meta.dirname, '..', '..', '..', 'pipeline', 'flink');
const jar: string = join(project, 'target', 'fraudstream-flink.jar');
/** The Flink that runs it, copied by the build beside the jar. */
const flink: string = join(project, 'target', 'local-flink');
const MAIN = 'io.fraudstream.job.FraudScoringJob';
/** The job ends with us, even when we are killed: its standard input is ours. */
const ENDS_WITH_INPUT = '-Dfraudstream.ends-with-input=true';
const LEAST_JAVA = 17;
/** What Flink's own start scripts pass to Java 17. */
const OPENED = ['java.lang', 'java.util', 'java.time'].map(
  (name) => `--add-opens=java.base/${name}=ALL-UNNAMED`,
);

/**
 * The jar of the Flink job, built by Maven where it is not there yet; `notify` gets a message before.
 *
 * Errors: `bad-config` without Java 17, without Maven, or where the build fails; `no-input` where
 * the sources are not there, as in the npm package.
 */
export async function flinkJar(
  env: Env,
  notify: (text: string) => Promise<void>,
): Promise<FlinkJar> {
  const java = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
  await checkJava(java, env);
  if (!existsSync(jar) || !existsSync(flink)) {
    await notify('Building the Flink job with Maven; this happens once.');
    await build(env);
  }
  const log = `-Dlog4j.configurationFile=${join(project, 'log4j2-local.properties')}`;
  const classPath = [jar, join(flink, '*')].join(delimiter);
  return { java, before: [...OPENED, '-Xmx1g', ENDS_WITH_INPUT, log, '-cp', classPath, MAIN] };
}

async function checkJava(java: string, env: Env): Promise<void> {
  const { code, text } = await outcome(java, ['-version'], env);
  const version = Number(/version "(\d+)/.exec(text)?.[1] ?? Number.NaN);
  if (code === 0 && version >= LEAST_JAVA) return;
  const seen = code === 0 ? `${java} is version ${version}` : `${java} cannot be started`;
  const advice =
    'Install one (Debian: apt-get install openjdk-17-jdk-headless) and set JAVA_HOME, or leave --flink out.';
  throw new FraudstreamError(
    'bad-config',
    `--flink needs a JDK ${LEAST_JAVA} or newer: ${seen}. ${advice}`,
  );
}

async function build(env: Env): Promise<void> {
  if (!existsSync(join(project, 'pom.xml'))) {
    const message = `The sources of the Flink job are not at ${project}. They are in the repository, not in the npm package: clone it and run fraudstream from there.`;
    throw new FraudstreamError('no-input', message);
  }
  const goals = ['--batch-mode', '--quiet', '-DskipTests', 'package', '--file', project];
  const { code, text } = await outcome('mvn', goals, env);
  if (code === 0 && existsSync(jar)) return;
  const why = code === undefined ? `Maven is not installed (${text})` : mavenFailure(text);
  const message = `The Flink job could not be built: ${why}. To see the whole output of Maven: mvn --file ${project} package -DskipTests`;
  throw new FraudstreamError('bad-config', message);
}

interface Outcome {
  /** Nothing where the command could not be started. */
  readonly code: number | undefined;
  readonly text: string;
}

function outcome(command: string, args: readonly string[], env: Env): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
    }
    child.on('error', (error) => resolve({ code: undefined, text: error.message }));
    child.on('close', (code) => resolve({ code: code ?? 1, text }));
  });
}
