import type { Runtime } from '../../cli/runtime.ts';
import type { TransactionContract } from '../../contract/transactions-contract.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { generate as generateLines } from '../../files/generation/generate.ts';
import { isSpecialFile } from '../../storage/output-file.ts';
import { count } from '../../text/format.ts';
import { printNotes, transactionsOf } from '../shared/contract.ts';
import { worldOf } from '../shared/world.ts';
import type { GenerateValues } from './flags.ts';
import { boundsOf, generationProgress, threadCount } from './settings.ts';

/** World to lines: transactions to stdout or a file, labels inside or beside them. */
export async function generate(values: GenerateValues, runtime: Runtime): Promise<ExitCode> {
  const { out, err, stop } = runtime;
  const bounds = boundsOf(values);
  const world = { ...(await worldOf(values, runtime)), durationMs: bounds.durationMs };
  const { out: path, format, labels } = values;
  const contract = await transactionsOf(values);
  if (contract) await checkForm(contract, values, runtime);
  const form = contract && { contract, path: values.contract as string };
  // Nothing is written beside /dev/null or a pipe unless a name is given.
  const isAlone = path !== undefined && (await isSpecialFile(path));
  const manifest = values.manifest ?? (isAlone ? 'none' : undefined);
  const threads = threadCount(values.threads);
  const output = { out: path, format, labels, manifest, form };
  let progress: { stop(): void } | undefined;
  const result = await generateLines(
    { world, count: bounds.count, threads, ...output },
    {
      write: (bytes) => out.write(bytes),
      stop,
      onStart: (generated) => {
        progress = generationProgress(generated, world, bounds.count, values, runtime);
      },
    },
  ).finally(() => progress?.stop());
  const isLost = result.isStopped && result.files.length > 0;
  const end = isLost ? `: stopped, ${result.files.join(' and ')} not written` : '';
  await err.print(`${count(result.count)} transactions, seed ${world.seed}${end}`);
  return exitCodes.ok;
}

/** Says what the contract loses and what it takes. Errors: `usage` for what our own form alone can be. */
async function checkForm(
  contract: TransactionContract,
  values: GenerateValues,
  runtime: Runtime,
): Promise<void> {
  const { format, labels, threads } = values;
  const odd =
    format !== undefined ? '--format' : labels === 'inline' ? '--labels inline' : undefined;
  if (odd !== undefined) {
    const message = `The contract defines the form of the lines, and they do not contain the truth: leave ${odd} out.`;
    throw new FraudstreamError('usage', message);
  }
  await printNotes(contract, values, runtime);
  if (contract.isCounted && threads > 1) {
    const note =
      'A counter follows the order of all transactions, so one thread is used: --threads has no effect.';
    await runtime.err.print(note);
  }
}
