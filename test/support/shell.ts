import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/fraudstream', import.meta.url));
/** A command that takes longer than this hangs; runs by hand with larger figures set more. */
const PATIENCE_MS = Number(process.env.FRAUDSTREAM_PATIENCE_MS ?? 120_000);

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A running command line. */
export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves once stdout or stderr has said it. */
  says(pattern: RegExp): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** The environment of a machine without AWS: no credentials, no config files, no metadata service. */
const bare: Readonly<Record<string, string>> = {
  PATH: process.env.PATH ?? '',
  HOME: '/nonexistent',
  AWS_EC2_METADATA_DISABLED: 'true',
};
/** What an embedded Kinesis asks for. */
export const local: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: 'us-east-1',
};

/** Starts `fraudstream` with arguments, in a bare environment with these variables added. */
export function start(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input?: string,
): Running {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...bare, ...env },
    timeout: PATIENCE_MS,
  });
  let out = '';
  let err = '';
  // Decoded as streams: a character may lie across two chunks.
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  child.stdin.on('error', () => undefined);
  if (input !== undefined) child.stdin.end(input);
  const ended = once(child, 'close').then(([code]): Ended => ({ code, out, err }));
  const says = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const found = pattern.exec(out + err);
      if (found) return found[0];
      if (child.exitCode !== null) throw new Error(`never said ${pattern}:\n${out}\n${err}`);
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data'), ended]);
    }
  };
  return { child, says, ended };
}

/** Runs `fraudstream` to its end. */
export function fraudstream(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Ended> {
  return start(args, env, input).ended;
}
