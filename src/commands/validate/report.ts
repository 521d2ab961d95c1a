import type { Runtime } from '../../cli/runtime.ts';
import type { ExitCode } from '../../exit-codes.ts';
import type { SequenceProblems } from '../../files/validation/sequence-checks.ts';
import type { ValidationSummary } from '../../metrics/validation.ts';
import { validationText } from '../../report/text/validation-text.ts';
import { writeReport } from '../shared/write-report.ts';
import type { FindingPrinter } from './finding-printer.ts';
import type { ValidateValues } from './flags.ts';

/** What a validation ended with. */
export interface Validated {
  readonly summary: ValidationSummary;
  readonly oddities: readonly SequenceProblems[];
  readonly findings: FindingPrinter;
}

/** Writes the report of a validation; with `github` the summary follows the annotations on stdout. */
export async function reportValidation(
  { summary, oddities, findings }: Validated,
  { output, report }: Pick<ValidateValues, 'output' | 'report'>,
  runtime: Runtime,
): Promise<ExitCode> {
  const sum = (of: (each: SequenceProblems) => number): number =>
    oddities.reduce((all, each) => all + of(each), 0);
  const warnings = {
    duplicates: sum((each) => each.duplicates),
    outOfOrder: sum((each) => each.outOfOrder),
    backMs: sum((each) => each.backMs),
    unknownFields: oddities.flatMap(({ unknownFields }) =>
      [...unknownFields].map(([field, count]) => ({ field, count })),
    ),
    isIncomplete: oddities.some((each) => each.isIncomplete),
  };
  const { printed, unprinted: omitted } = findings;
  const figures = { ...summary, warnings, findings: printed, findingsOmitted: omitted };
  const text = validationText(summary, oddities, omitted);
  const form = output === 'github' ? 'human' : output;
  return writeReport('validate', figures, text, { output: form, report }, runtime);
}
