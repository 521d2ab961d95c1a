import type { Runtime } from '../../cli/runtime.ts';
import { FraudstreamError } from '../../errors.ts';
import { type ExitCode, exitCodes, strongest } from '../../exit-codes.ts';
import { mappingOf } from '../../files/mapping/mapping-file.ts';
import { MappingTally } from '../../files/mapping/mapping-tally.ts';
import { expandedPaths } from '../../files/reading/input-paths.ts';
import { validateFiles } from '../../files/validation/validate-files.ts';
import { Validation } from '../../metrics/validation.ts';
import { type Progress, progress } from '../../report/progress.ts';
import { count, perSecond } from '../../text/format.ts';
import { printNotes, transactionsOf } from '../shared/contract.ts';
import { FindingPrinter } from './finding-printer.ts';
import type { ValidateValues } from './flags.ts';
import { reportValidation } from './report.ts';

const NO_LABELS = 'A contract is about transactions: leave out --kind label.';
const NO_MAPPING = 'A contract already describes the fields: leave out --map or the contract.';

/** Files to findings: every line judged, printed up to a number, counted in any case. */
export async function validate(values: ValidateValues, runtime: Runtime): Promise<ExitCode> {
  const { kind, format, region, profile, forbidPan: forbidsPan } = values;
  const { input, stop, env } = runtime;
  const paths = await expandedPaths(values.files);
  const mapping = await mappingOf(values.map);
  if (mapping && kind === 'label') {
    throw new FraudstreamError('usage', '--map makes transactions: leave out --kind label.');
  }
  const contract = await transactionsOf(values);
  if (contract && kind === 'label') throw new FraudstreamError('usage', NO_LABELS);
  await printNotes(contract, values, runtime);
  if (contract && mapping) throw new FraudstreamError('usage', NO_MAPPING);
  const validation = new Validation();
  const findings = new FindingPrinter(values, runtime);
  const shown = validationProgress(validation, values, runtime);
  const s3 = { region, profile, endpointUrl: env.AWS_ENDPOINT_URL_S3 };
  const tally = new MappingTally();
  const dependencies = { input, s3, stop, validation, tally, onFindings: findings.print };
  try {
    const settings = { paths, kind, format, mapping, forbidsPan, contract };
    const oddities = await validateFiles(settings, dependencies);
    shown.stop();
    if (mapping) await runtime.err.print(...tally.notes(mapping.reportDelayMs));
    const summary = validation.summary();
    const saved = await reportValidation({ summary, oddities, findings }, values, runtime);
    return strongest(summary.invalid > 0 ? exitCodes.badData : exitCodes.ok, saved);
  } finally {
    shown.stop();
  }
}

function validationProgress(
  validation: Validation,
  values: Pick<ValidateValues, 'progress'>,
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
