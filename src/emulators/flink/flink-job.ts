import { type ChildProcess, spawn } from 'node:child_process';
import { FraudstreamError } from '../../errors.ts';
import type { FlinkJar } from './flink-jar.ts';

/** The Flink job on this machine, in a process of its own. */
export interface FlinkJob {
  /** Resolves when the process has ended, whoever ended it, with the last that it said. */
  readonly ended: Promise<string>;
  /** Stops the job; what it has taken and not judged is taken again by the next one. */
  close(): Promise<void>;
}

/** The job is killed if it has not stopped by itself after so long. */
const STOP_MS = 25_000;
const SAID_LENGTH = 2_000;
const RUNNING = '"flink":"RUNNING"';

/**
 * Starts the job with these settings (those of pipeline/flink/README.md) and waits until it runs.
 *
 * Errors: `bad-config` when it ends before that, with what it said.
 */
export async function startFlinkJob(
  { java, before }: FlinkJar,
  settings: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<FlinkJob> {
  const args = [...settings].flatMap(([name, value]) => [`--${name}`, value]);
  // The embedded Kinesis speaks the form in which the job speaks to AWS.
  const local = {
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    CBOR_ENABLED: 'true',
  };
  const child = spawn(java, [...before, ...args], {
    env: { ...local, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // Ctrl-C of the terminal comes to this process alone, which stops the job.
    detached: true,
  });
  const ended = endOf(child);
  await running(child, ended);
  return { ended, close: () => stopped(child, ended) };
}

function endOf(child: ChildProcess): Promise<string> {
  let output = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-SAID_LENGTH);
  });
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', () => resolve(output));
  });
}

async function running(child: ChildProcess, ended: Promise<string>): Promise<void> {
  const runs = new Promise<void>((resolve) => {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes(RUNNING)) resolve();
    });
  });
  const failed = ended.then((output) => {
    throw new FraudstreamError('bad-config', `The Flink job ended as it began: ${output.trim()}`);
  });
  await Promise.race([runs, failed]);
}

async function stopped(child: ChildProcess, ended: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const killTimer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(killTimer);
}
