import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { FraudstreamError } from '../fraudstream-error.ts';
import type { Writer } from './outside.ts';

/** What has been told: a stdout that is full refuses one write after the other with the same error. */
const told = new WeakMap<Error, Promise<ExitCode>>();

/** Tells the user on stderr what ended the run, each error once, and returns its exit code. */
export function explain(error: unknown, err: Writer): Promise<ExitCode> {
  if (!(error instanceof Error)) return tell(error, err);
  const ending = told.get(error) ?? tell(error, err);
  told.set(error, ending);
  return ending;
}

async function tell(error: unknown, err: Writer): Promise<ExitCode> {
  const { colours } = await import('../reporting/colours.ts');
  const name = colours(err.hasColours).error('fraudstream:');
  if (error instanceof FraudstreamError && error.code !== 'internal') {
    await err.write(`${name} ${error.message}\n`);
    return error.exitCode;
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  await err.write(
    `${name} this is a bug in fraudstream; please report it with these lines:\n${stack}\n`,
  );
  return exitCodes.bug;
}
