import type { Runtime } from '../../cli/runtime.ts';
import type { TransactionContract } from '../../contract/transactions-contract.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { generate as generateLines } from '../../files/generation/generate.ts';
import { generateForm } from '../../files/generation/generate-form.ts';
import type { WorldSettings } from '../../generators/world.ts';
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
  if (contract) return generateInForm(contract, { ...world, seed: world.seed }, values, runtime);
  // Nothing is written beside /dev/null or a pipe unless a name is given.
  const isAlone = path !== undefined && (await isSpecialFile(path));
  const manifest = values.manifest ?? (isAlone ? 'none' : undefined);
  const threads = threadCount(values.threads);
  const settings = { world, count: bounds.count, threads, out: path, format, labels, manifest };
  let progress: { stop(): void } | undefined;
  const result = await generateLines(settings, {
    write: (bytes) => out.write(bytes),
    stop,
    onStart: (generated) => {
      progress = generationProgress(generated, world, bounds.count, values, runtime);
    },
  }).finally(() => progress?.stop());
  const isLost = result.isStopped && result.files.length > 0;
  const end = isLost ? `: stopped, ${result.files.join(' and ')} not written` : '';
  await err.print(`${count(result.count)} transactions, seed ${world.seed}${end}`);
  return exitCodes.ok;
}

/** As `generate`, in the form of a contract. Errors: `usage` for what our own form alone can be. */
async function generateInForm(
  contract: TransactionContract,
  world: WorldSettings & { readonly seed: number },
  values: GenerateValues,
  runtime: Runtime,
): Promise<ExitCode> {
  const { out, err, stop } = runtime;
  const { format, labels } = values;
  const odd =
    format !== undefined ? '--format' : labels === 'inline' ? '--labels inline' : undefined;
  if (odd !== undefined) {
    const message = `The contract says the form of the lines, and the truth does not stand in them: leave ${odd} out.`;
    throw new FraudstreamError('usage', message);
  }
  await printNotes(contract, values, runtime);
  const { count: most } = boundsOf(values);
  let progress: { stop(): void } | undefined;
  const settings = {
    world,
    contract,
    count: most,
    out: values.out,
    labels: labels as 'none' | 'sidecar',
  };
  const result = await generateForm(settings, {
    write: (bytes) => out.write(bytes),
    stop,
    onStart: (generated) => {
      progress = generationProgress(generated, world, most, values, runtime);
    },
  }).finally(() => progress?.stop());
  const isLost = result.isStopped && result.files.length > 0;
  const end = isLost ? `: stopped, ${result.files.join(' and ')} not written` : '';
  await err.print(`${count(result.count)} transactions, seed ${world.seed}${end}`);
  return exitCodes.ok;
}
