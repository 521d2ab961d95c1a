import { runLine } from '../../dist/cli/run-command.js';
import type { Runtime, Writer } from '../../dist/cli/runtime.js';
import { commands } from '../../dist/commands/all-commands.js';
import { loadMeter, systemClock, systemProcesses } from '../../dist/runtime.js';
import { Secrets } from '../../dist/text/secrets.js';
import type { Outcome } from './fraudstream.ts';

const decoder = new TextDecoder();

/** Runs a command line in this process: for tests of many short ones. Signals, stdin and threads of its own it has not. */
export async function inProcess(args: readonly string[]): Promise<Outcome> {
  const texts = { out: '', err: '' };
  const writer = (name: 'out' | 'err'): Writer => ({
    isTty: false,
    hasColours: false,
    columns: 80,
    isGone: false,
    write: async (chunk) => {
      texts[name] += typeof chunk === 'string' ? chunk : decoder.decode(chunk);
    },
    print: async (...lines) => {
      texts[name] += lines.map((line) => `${line}\n`).join('');
    },
  });
  const runtime: Runtime = {
    clock: systemClock,
    paceClock: systemClock,
    random: () => 0.5,
    input: (async function* () {})(),
    out: writer('out'),
    err: writer('err'),
    env: {},
    stop: new AbortController().signal,
    stoppedBy: () => undefined,
    meter: loadMeter,
    processes: systemProcesses,
    about: {},
    secrets: new Secrets(),
  };
  const program = { name: 'fraudstream', version: '0.0.0', summary: '' };
  const code = await runLine(args, commands, program, runtime);
  return { code, ...texts };
}
