import { FraudstreamError, messageOf } from '../errors.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Writer } from './runtime.ts';
import { sourceFrames } from './source-frames.ts';

/** Errors that were printed: a stdout that is full refuses one write after the other with the same error. */
const printed = new WeakMap<Error, Promise<ExitCode>>();

/** Prints on stderr what ended the run, each error once, and returns its exit code. */
export function reportError(error: unknown, err: Writer): Promise<ExitCode> {
  if (!(error instanceof Error)) return print(error, err);
  const ending = printed.get(error) ?? print(error, err);
  printed.set(error, ending);
  return ending;
}

async function print(error: unknown, err: Writer): Promise<ExitCode> {
  const { colours } = await import('../report/text/layout.ts');
  const name = colours(err.hasColours).error('fraudstream:');
  // At once, so that nothing else comes between them.
  const say = (...lines: readonly string[]): Promise<unknown> =>
    Promise.all([err.write(`${name} `), err.print(...lines)]);
  if (error instanceof FraudstreamError && error.code !== 'internal') {
    await say(...error.lines);
    return error.exitCode;
  }
  const message = messageOf(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  const kind = error instanceof Error ? `${error.name}: ` : '';
  await say(
    'this is a bug in fraudstream; please report it with these lines:',
    `${kind}${message}`,
    ...sourceFrames(frames),
  );
  return exitCodes.bug;
}
