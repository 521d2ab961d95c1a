import type { Runtime } from '../../cli/runtime.ts';
import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { lineBlocks } from '../../generators/line-blocks.ts';
import { Extract } from '../../generators/lines/line-fields.ts';
import type { WorldSettings } from '../../generators/world.ts';
import type { ProgressForm } from '../../report/progress.ts';
import { isSpecialFile, writeFileAtomically } from '../../storage/output-file.ts';
import { count } from '../../text/format.ts';
import { type WorldValues, worldOf } from '../shared/world.ts';
import { manifestText } from './manifest.ts';
import { LineOutput, type OutputNames, type OutputValues, outputNames } from './output.ts';
import { type BoundValues, boundsOf, generationProgress, threadCount } from './settings.ts';

/** Everything that `generate` can be told. */
export interface GenerateValues extends WorldValues, BoundValues, OutputValues {
  readonly threads: number;
  readonly progress: ProgressForm;
  readonly stats: boolean;
  readonly html: string | undefined;
}

/** World to lines: transactions to stdout or a file, labels inside or beside them. */
export async function generate(values: GenerateValues, runtime: Runtime): Promise<ExitCode> {
  const bounds = boundsOf(values);
  const { seed, ...made } = await worldOf(values, runtime);
  const settings = { seed, ...made, durationMs: bounds.durationMs };
  // Nothing is written beside /dev/null or a pipe unless a name is given.
  const isAlone = values.out !== undefined && (await isSpecialFile(values.out));
  const names = outputNames({
    ...values,
    manifest: values.manifest ?? (isAlone ? 'none' : undefined),
  });
  const extract = new Extract();
  const output = await LineOutput.open(names, runtime.out);
  const run: Run = { values, settings, names, output, extract, most: bounds.count };
  try {
    await writeAll(run, runtime);
    if (names.files.length > 0) await finish(run, runtime);
  } catch (error) {
    await output.discard();
    throw error;
  }
  const lost = runtime.stop.aborted && names.files.length > 0;
  const end = lost ? `: stopped, ${names.files.join(' and ')} not written` : '';
  await runtime.err.print(`${count(extract.count)} transactions, seed ${seed}${end}`);
  return exitCodes.ok;
}

/** One run, its ends open. */
interface Run {
  readonly values: GenerateValues;
  readonly settings: WorldSettings;
  readonly names: OutputNames;
  readonly output: LineOutput;
  readonly extract: Extract;
  readonly most: number;
}

/** Writes block after block, until the count, the end of the world, or a signal. */
async function writeAll(run: Run, runtime: Runtime): Promise<void> {
  const { values, settings, names, output, extract, most } = run;
  const progress = generationProgress(extract, settings, most, values, runtime);
  const threads = threadCount(values.threads);
  try {
    for await (const block of lineBlocks(settings, { ...names.form, threads })) {
      if (runtime.stop.aborted) return;
      block.count = Math.min(block.count, most - extract.count);
      extract.add(block);
      await output.write(block);
      if (extract.count >= most) return;
    }
  } finally {
    progress.stop();
  }
}

/** The files under their names, the manifest last; after a signal nothing at all. */
async function finish(run: Run, { stop }: Runtime): Promise<void> {
  const { settings, names, output, extract } = run;
  const written = await output.finish();
  if (stop.aborted) return output.discard();
  await output.publish();
  if (names.manifest === undefined) return;
  await writeFileAtomically(
    names.manifest,
    manifestText(settings, names, extract.summary(), written),
  );
}
