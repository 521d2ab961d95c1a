import { runLine } from '../../dist/cli/run-command.js';
import type { Runtime, Writer } from '../../dist/cli/runtime.js';
import { commands } from '../../dist/commands/all-commands.js';
import { loadMeter, systemClock, systemProcesses } from '../../dist/runtime.js';
import { Secrets } from '../../dist/text/secrets.js';
import type { Ended } from './fraudstream.ts';

const decoder = new TextDecoder();

/**
 * Runs a command line in this process, without `main.ts`: for tests of many short ones.
 *
 * It has no signals, and the SDK of AWS does not see its environment.
 */
export async function inProcess(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  input = '',
): Promise<Ended> {
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
    input: (async function* () {
      if (input !== '') yield Buffer.from(input);
    })(),
    out: writer('out'),
    err: writer('err'),
    env,
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
