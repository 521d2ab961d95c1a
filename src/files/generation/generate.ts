import { lineBlocks } from '../../generators/line-blocks.ts';
import type { LineBlock } from '../../generators/lines/line-block.ts';
import { Extract, type ExtractSummary } from '../../generators/lines/line-fields.ts';
import type { WorldSettings } from '../../generators/world.ts';
import { writeFileAtomically } from '../../storage/output-file.ts';
import { formBlocks } from './form-blocks.ts';
import { type FormedBlocksSettings, headerOf } from './form-lines.ts';
import {
  LineOutput,
  type LineOutputSettings,
  type OutputNames,
  outputNames,
  type WriteLines,
} from './line-output.ts';
import { manifestText } from './manifest.ts';

/** Which transactions are generated, and where their lines go. */
export interface GenerateSettings extends LineOutputSettings {
  /** Its seed, and `durationMs` of event time, say what is generated. */
  readonly world: WorldSettings;
  /** Ends after so many transactions. */
  readonly count?: number | undefined;
  /** Threads that generate, 1 unless given; the bytes are the same for any number. */
  readonly threads?: number;
  /** The form of the lines where it is not ours; `format` is then NDJSON, and labels are not `inline`. */
  readonly form?: FormedBlocksSettings | undefined;
}

/** What generating needs, and who is called while it goes on. */
export interface GenerateDependencies {
  /** Takes the lines where `out` names no file. */
  readonly write: WriteLines;
  /** Ends the generating; no file is then written. */
  readonly stop: AbortSignal;
  /** Called once, before the first line; `count` grows. */
  readonly onStart?: (generated: Pick<Extract, 'count'>) => void;
}

/** What was generated. `files` are the names of the output; none is there where `isStopped`. */
export interface GenerateResult extends ExtractSummary {
  readonly files: readonly string[];
  readonly isStopped: boolean;
}

/**
 * Generates the transactions of a world as lines, to files or to the writer of the caller.
 *
 * Files are there whole, with labels and a manifest beside them, or not at all. The same settings
 * give the same bytes.
 * Errors: `usage` for a setting that makes no world, and for a file that cannot be written; `bad-config` for a
 * transaction that does not fit the schema of its form.
 */
export async function generate(
  { world, count = Number.POSITIVE_INFINITY, threads = 1, form, ...output }: GenerateSettings,
  { write, stop, onStart }: GenerateDependencies,
): Promise<GenerateResult> {
  const names = outputNames(form ? { ...output, format: 'ndjson' } : output);
  const lines = await LineOutput.open(names, write, form && headerOf(form.contract));
  const extract = new Extract();
  try {
    onStart?.(extract);
    for await (const block of blocksOf(world, form, names, threads)) {
      if (stop.aborted) break;
      block.count = Math.min(block.count, count - extract.count);
      extract.add(block);
      await lines.write(block);
      if (extract.count >= count) break;
    }
    const written = await lines.finish();
    if (stop.aborted) await lines.discard();
    else {
      await lines.publish();
      if (names.manifest !== undefined) {
        const text = await manifestText(
          world,
          { ...names, foreign: form },
          extract.summary(),
          written,
        );
        await writeFileAtomically(names.manifest, text);
      }
    }
  } catch (error) {
    await lines.discard();
    throw error;
  }
  return { ...extract.summary(), files: names.files, isStopped: stop.aborted };
}

function blocksOf(
  world: WorldSettings,
  form: FormedBlocksSettings | undefined,
  names: OutputNames,
  threads: number,
): AsyncIterable<LineBlock> {
  if (!form) return lineBlocks(world, { ...names.form, threads });
  return formBlocks(world, form, { hasLabels: names.form.labels === 'sidecar', threads });
}
