import { readFileSync } from 'node:fs';
import { explain } from './commands/explain.ts';
import type { Outside, Writer } from './commands/outside.ts';
import { run } from './commands/run.ts';
import { verbs } from './commands/verbs.ts';
import { type ExitCode, exitCodes, strongest } from './exit-codes.ts';
import { systemClock } from './outside.ts';

// We say which Node we need in package.json; the SDK would say it again on every run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** A run that has nothing left to do but does not end (a socket somewhere) is ended after this. */
const LINGER_MS = 2_000;

const stop = new AbortController();
const out = writer(process.stdout);
const err = writer(process.stderr);
let signalled: ExitCode = exitCodes.held;

process.on('SIGINT', () => stopped(exitCodes.interrupted));
process.on('SIGTERM', () => stopped(exitCodes.terminated));
process.on('uncaughtException', async (error) => process.exit(await explain(error, err)));

const outside: Outside = {
  clock: systemClock,
  random: Math.random,
  get input() {
    return process.stdin;
  },
  out,
  err,
  env: process.env,
  stop: stop.signal,
};
const { version, description }: { version: string; description: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
const nameplate = { name: 'fraudstream', version, summary: description };
const code = await run(process.argv.slice(2), verbs, nameplate, outside);
process.exitCode = strongest(signalled, code);
setTimeout(() => process.exit(), LINGER_MS).unref();

/** The first signal lets the run drain and report; the second ends it where it stands. */
function stopped(code: ExitCode): void {
  if (signalled !== exitCodes.held) process.exit(code);
  signalled = code;
  void err.write('\nStopping: finishing what is under way. Once more to leave at once.\n');
  stop.abort();
}

function writer(stream: NodeJS.WriteStream): Writer {
  let isGone = false;
  // Whoever read our output has left (`| head`): that is no failure, only the end of the run.
  const gone = (error: NodeJS.ErrnoException): boolean => {
    isGone ||= error.code === 'EPIPE';
    if (isGone) stop.abort();
    return isGone;
  };
  stream.on('error', gone);
  return {
    isTty: stream.isTTY === true,
    columns: stream.columns ?? 80,
    write: (chunk) =>
      new Promise((resolve, reject) => {
        if (isGone) resolve();
        else stream.write(chunk, (error) => (error && !gone(error) ? reject(error) : resolve()));
      }),
  };
}
