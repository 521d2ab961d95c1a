import type { Runtime } from '../../cli/runtime.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { generate as generateLines } from '../../files/generation/generate.ts';
import { count } from '../../text/format.ts';
import { worldOf } from '../shared/world.ts';
import type { GenerateValues } from './flags.ts';
import { boundsOf, generationProgress, threadCount } from './settings.ts';

/** World to lines: transactions to stdout or a file, labels inside or beside them. */
export async function generate(values: GenerateValues, runtime: Runtime): Promise<ExitCode> {
  const { out, err, stop } = runtime;
  const bounds = boundsOf(values);
  const world = { ...(await worldOf(values, runtime)), durationMs: bounds.durationMs };
  const { out: path, format, labels, manifest } = values;
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
