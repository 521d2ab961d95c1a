import { readFileSync } from 'node:fs';
import { reportError } from './cli/report-error.ts';
import { runLine } from './cli/run-command.ts';
import type { Runtime, Writer } from './cli/runtime.ts';
import { commands } from './commands/all-commands.ts';
import { FraudstreamError } from './errors.ts';
import { exitCodes, type StopSignal, stopSignals, strongest } from './exit-codes.ts';
import { PreciseClock } from './pacing/precise-clock.ts';
import { StatusLine } from './report/status-line.ts';
import {
  backgroundThreads,
  environment,
  loadMeter,
  systemClock,
  systemProcesses,
} from './runtime.ts';
import { printedText, Secrets } from './text/secrets.ts';

// We say which Node we need in package.json; the SDK would say it again on every run.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

/** Signals nearer than this are one: npx passes on the Ctrl-C that the terminal sent us as well. */
const ONE_SIGNAL_MS = 100;
/** After so long of nothing but writing, the rest of the process has its turn. */
const BREATH_MS = 20;

const stop = new AbortController();
// Whoever read our output has left (`| head`): that is no failure, only the end of the run.
const secrets = new Secrets();
// One terminal may show both streams: whatever is written to either takes the status line away.
const statusLine = new StatusLine({
  get columns() {
    return process.stderr.columns || 80;
  },
  write: (text) => process.stderr.write(text),
});
const out = writer('stdout', process.stdout, () => stop.abort());
const err = heedless(writer('stderr', process.stderr, () => undefined));
let signalled: StopSignal | undefined;
let signalledAt = Number.NEGATIVE_INFINITY;

for (const signal of Object.keys(stopSignals) as StopSignal[]) {
  process.on(signal, () => stopped(signal));
}
// The second Ctrl-C must not leave a terminal without its cursor.
process.on('exit', () => statusLine.end());
process.on('uncaughtException', async (error) => process.exit(await reportError(error, err)));

const runtime: Runtime = {
  clock: systemClock,
  paceClock: new PreciseClock(systemClock, backgroundThreads().lowerPriority),
  random: Math.random,
  get input() {
    return process.stdin;
  },
  out,
  err,
  env: process.env,
  stop: stop.signal,
  stoppedBy: () => signalled,
  meter: loadMeter,
  processes: systemProcesses,
  get about() {
    return { environment: environment() };
  },
  secrets,
};
const { version, description }: { version: string; description: string } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);
const nameplate = { name: 'fraudstream', version, summary: description };
void run();

async function run(): Promise<void> {
  const code = await runLine(process.argv.slice(2), commands, nameplate, runtime);
  // What was written without waiting is still under way; an open stdin or socket need not be.
  await Promise.all([out.write(''), err.write('')]);
  process.exit(strongest(signalled ? stopSignals[signalled] : exitCodes.ok, code));
}

/** The first signal lets the run drain and report; the second ends it where it stands. */
function stopped(signal: StopSignal): void {
  const at = systemClock.now();
  if (signalled === undefined) {
    signalled = signal;
    signalledAt = at;
    void err.print('', 'Stopping: draining what is in flight. Press Ctrl-C again to quit now.');
    stop.abort();
  } else if (at - signalledAt >= ONE_SIGNAL_MS) process.exit(stopSignals[signal]);
}

function writer(name: string, stream: NodeJS.WriteStream, left: () => void): Writer {
  let isGone = false;
  let breathedAt = systemClock.now();
  let broken: FraudstreamError | undefined;
  // A dumb terminal shows escapes as letters, and the log of a CI keeps them.
  const isTty = stream.isTTY === true && process.env.TERM !== 'dumb' && !isCi();
  const gone = (error: NodeJS.ErrnoException): boolean => {
    // EIO: the terminal has gone; a hang-up tells of it as well.
    isGone ||= error.code === 'EPIPE' || (error.code === 'EIO' && stream.isTTY === true);
    if (isGone) left();
    return isGone;
  };
  // A file is written at once: whoever writes without end would never hear of a signal.
  const breathe = async (): Promise<void> => {
    if (systemClock.now() - breathedAt < BREATH_MS) return;
    await new Promise(setImmediate);
    breathedAt = systemClock.now();
  };
  // What is written after a failure fails as well: it is one trouble, told once.
  const refused = ({ message }: Error): FraudstreamError => {
    broken ??= new FraudstreamError('unreachable', `${name}: ${message}`);
    return broken;
  };
  const write = async (chunk: string | Uint8Array): Promise<void> => {
    if (isTty) statusLine.erase();
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error | null): void => {
        if (!error || gone(error)) resolve();
        else reject(refused(error));
      };
      if (isGone) resolve();
      else stream.write(chunk, done);
    });
    await breathe();
  };
  stream.on('error', gone);
  return {
    isTty,
    // Source: no-color.org.
    hasColours: isTty && !process.env.NO_COLOR,
    get columns() {
      return stream.columns || 80;
    },
    get isGone() {
      return isGone;
    },
    ...(isTty && { statusLine }),
    write,
    print: (...lines) => write(printedText(lines, secrets)),
  };
}

/** Set by every CI service; `false` and `0` say that it is none. */
function isCi(): boolean {
  return !['', 'false', '0'].includes(process.env.CI ?? '');
}

/** What cannot be written to stderr is lost: a complaint about it would go the same way. */
function heedless(writer: Writer): Writer {
  const lost = (): undefined => undefined;
  return Object.create(writer, {
    write: { value: (chunk: string | Uint8Array) => writer.write(chunk).catch(lost) },
    print: { value: (...lines: readonly string[]) => writer.print(...lines).catch(lost) },
  });
}
