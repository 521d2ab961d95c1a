import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import type { Mapping } from '../../files/mapping/mapping.ts';
import { mappingOf } from '../../files/mapping/mapping-file.ts';
import { expandedPaths } from '../../files/reading/input-paths.ts';
import type { InputFormat } from '../../files/recorded-transactions.ts';
import type { SequenceProblems } from '../../files/validation/sequence-checks.ts';
import type { RecordKind } from '../../files/validation/validate-rows.ts';
import { kindOf, sequenceOf, validateRows } from '../../files/validation/validate-rows.ts';
import { Validation } from '../../metrics/validation.ts';
import { type Progress, progress } from '../../report/progress.ts';
import { untilStopped } from '../../stream/async-iterables.ts';
import { count, perSecond } from '../../text/format.ts';
import { Findings, type FindingsValues } from '../shared/findings.ts';
import type { ProgressValues } from '../shared/progress.ts';
import { reportValidation } from './report.ts';

/** Everything that `validate` can be told. */
export interface ValidateValues extends FindingsValues, ProgressValues {
  readonly files: readonly string[];
  readonly kind: RecordKind | undefined;
  readonly format: InputFormat | undefined;
  readonly map: readonly string[];
  readonly report: readonly string[];
  readonly region: string | undefined;
  readonly profile: string | undefined;
}

/** Files to findings: every line judged, told up to a number, counted in any case. */
export async function validate(values: ValidateValues, runtime: Runtime): Promise<ExitCode> {
  const paths = await expandedPaths(values.files);
  const mapping = await mappingOf(values.map);
  if (mapping && values.kind === 'label') {
    throw new FraudstreamError('usage', '--map makes transactions: leave out --kind label.');
  }
  const validation = new Validation();
  const findings = new Findings(values, runtime);
  const shown = validationProgress(validation, values, runtime);
  const run = { values, runtime, mapping, validation, findings };
  try {
    const oddities = await judgeAll(paths, run);
    shown.stop();
    const summary = validation.summary();
    const saved = await reportValidation({ summary, oddities, findings }, values, runtime);
    return strongest(summary.invalid > 0 ? exitCodes.badData : exitCodes.ok, saved);
  } finally {
    shown.stop();
  }
}

/** One validation, its ends open. */
interface Run {
  readonly values: ValidateValues;
  readonly runtime: Runtime;
  readonly mapping: Mapping | undefined;
  readonly validation: Validation;
  readonly findings: Findings;
}

/** Judges file after file, until a signal; gives what was odd between transactions and between labels. */
async function judgeAll(paths: readonly string[], run: Run): Promise<readonly SequenceProblems[]> {
  const { values, runtime, mapping, validation, findings } = run;
  const sequences = { transaction: sequenceOf('transaction'), label: sequenceOf('label') };
  for (const path of paths) {
    const kind = values.kind ?? (mapping ? 'transaction' : kindOf(path));
    validation.beginFile(path === '-' ? 'stdin' : path, kind);
    const groups = validateRows(settingsOf(path, kind, mapping, values, runtime), sequences[kind]);
    for await (const group of untilStopped(groups, runtime.stop)) {
      validation.add(group.rows, group.invalid, group.findings);
      await findings.tell(group.findings);
    }
    if (runtime.stop.aborted) break;
  }
  return [sequences.transaction.summary(), sequences.label.summary()];
}

function settingsOf(
  path: string,
  kind: RecordKind,
  mapping: Mapping | undefined,
  { format, region, profile }: ValidateValues,
  { input, env }: Runtime,
): Parameters<typeof validateRows>[0] {
  const s3 = { region, profile, endpointUrl: env.AWS_ENDPOINT_URL_S3 };
  return { path, kind, mapping, format, input, s3 };
}

function validationProgress(
  validation: Validation,
  values: ProgressValues,
  { clock, err }: Pick<Runtime, 'clock' | 'err'>,
): Progress {
  let before = { at: clock.now(), records: 0 };
  const moment = (): { readonly done: number; readonly text: string } => {
    const { records, invalid } = validation;
    const at = clock.now();
    const rate = perSecond((1000 * (records - before.records)) / (at - before.at));
    before = { at, records };
    return { done: records, text: `${count(records)} records, ${count(invalid)} invalid, ${rate}` };
  };
  return progress(values.progress, undefined, moment, err, clock);
}
