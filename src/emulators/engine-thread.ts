import { parentPort, workerData } from 'node:worker_threads';
import { command } from '../cli/command.ts';
import { runLine } from '../cli/run-command.ts';
import type { Runtime, Writer } from '../cli/runtime.ts';
import { score } from '../commands/score/flags.ts';
import { score as runScore } from '../commands/score/run.ts';
import { loadMeter, systemClock, systemProcesses } from '../runtime.ts';
import { printedText, Secrets } from '../text/secrets.ts';

/** What the engine says when it has ended: its report, what it complained of, and its exit code. */
export interface EngineEnd {
  readonly code: number;
  readonly report: string;
  readonly complaints: string;
}

const { argv }: { readonly argv: readonly string[] } = workerData;
const stop = new AbortController();
parentPort?.once('message', () => stop.abort());

const secrets = new Secrets();

/** A writer that keeps what it is told. */
class Notes implements Writer {
  readonly isTty = false;
  readonly hasColours = false;
  readonly columns = 80;
  readonly isGone = false;
  text: string = '';

  async write(chunk: string | Uint8Array): Promise<void> {
    this.text += chunk;
  }

  print(...lines: readonly string[]): Promise<void> {
    return this.write(printedText(lines, secrets));
  }
}

const out = new Notes();
const err = new Notes();
const runtime: Runtime = {
  clock: systemClock,
  paceClock: systemClock,
  random: Math.random,
  input: (async function* () {})(),
  out,
  err,
  env: {},
  stop: stop.signal,
  meter: loadMeter,
  secrets,
  processes: systemProcesses,
};
const nameplate = { name: 'fraudstream', version: '', summary: '' };
const code = await runLine(argv, [command(score, runScore)], nameplate, runtime);
const end: EngineEnd = { code, report: out.text, complaints: err.text };
parentPort?.postMessage(end);
parentPort?.close();
