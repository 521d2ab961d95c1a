import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { FraudstreamError } from '../fraudstream-error.ts';
import type { Writer } from './outside.ts';

/** Tells the user on stderr what ended the run, and returns its exit code. */
export async function explain(error: unknown, err: Writer): Promise<ExitCode> {
  if (error instanceof FraudstreamError && error.code !== 'internal') {
    await err.write(`fraudstream: ${error.message}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await err.write(
    `fraudstream: this is a bug in fraudstream; please report it with these lines:\n${stack}\n`,
  );
  return exitCodes.bug;
}
