import { type ExitCode, exitCodes } from '../../exit-codes.ts';
import { expandedPaths } from '../../files/reading/expanded-paths.ts';
import { type BadLine, badLineText } from '../../files/reading/row.ts';
import { formatOf, type InputFormat } from '../../files/recorded.ts';
import { type JudgedRows, judgedRows, type LineKind } from '../../files/validation.ts';
import { FraudstreamError } from '../../fraudstream-error.ts';
import { count } from '../../reporting/format.ts';
import { snakeCased } from '../../reporting/snake-case.ts';
import { Tally } from '../../reporting/tally.ts';
import type { Outside } from '../outside.ts';
import { mappingOf } from './mapping.ts';

/** Everything that `validate` can be told. */
export interface ValidateValues {
  readonly files: readonly string[];
  readonly kind: LineKind;
  readonly format: InputFormat | undefined;
  readonly map: readonly string[];
  readonly maxErrors: number | undefined;
  readonly output: 'human' | 'ndjson' | 'json' | 'github';
}

const SCHEMA_VERSION = 1;

/** Files to problems: every line is judged, each problem told, all counted. */
export async function validate(values: ValidateValues, outside: Outside): Promise<ExitCode> {
  const { maxErrors = Number.POSITIVE_INFINITY, output } = values;
  const paths = await expandedPaths(values.files);
  const findings = new Findings();
  for await (const rows of judged(paths, values, outside)) {
    const text = findings.add(rows, maxErrors).map(tellers[output]).join('');
    if (text !== '') await outside.out.write(text);
    if (findings.problems >= maxErrors || outside.stop.aborted) break;
  }
  const isCut = findings.problems >= maxErrors;
  await summarize(findings, paths, isCut, output, outside);
  return findings.problems > 0 ? exitCodes.badData : exitCodes.held;
}

async function* judged(
  paths: readonly string[],
  { kind, format, map }: ValidateValues,
  { input }: Outside,
): AsyncGenerator<JudgedRows, void, undefined> {
  const mapping = await mappingOf(map);
  for (const path of paths) {
    const form = format ?? formatOf(path);
    if (kind === 'label' && (mapping !== undefined || form !== 'ndjson')) {
      throw new FraudstreamError(
        'usage',
        `${path}: labels are judged as NDJSON only, without --map.`,
      );
    }
    yield* judgedRows(path, form, kind, mapping, { input, s3: {} });
  }
}

/** Counts of what was found. */
class Findings {
  lines = 0;
  invalid = 0;
  problems = 0;
  outOfOrder = 0;
  readonly byReason: Tally = new Tally();
  #lastAt = '';

  /** Counts rows, and hands back their problems, as many as may be told. */
  add({ rows }: JudgedRows, most: number): readonly BadLine[] {
    const told: BadLine[] = [];
    for (const { problems, at } of rows) {
      if (this.problems >= most) break;
      this.lines += 1;
      if (problems.length > 0) this.invalid += 1;
      else if (at !== undefined) this.#note(at);
      for (const problem of problems.slice(0, most - this.problems)) {
        this.problems += 1;
        this.byReason.add(`${problem.field || 'line'} ${problem.reason.replace(/ \(.*/s, '')}`);
        told.push(problem);
      }
    }
    return told;
  }

  #note(at: string): void {
    if (at < this.#lastAt) this.outOfOrder += 1;
    else this.#lastAt = at;
  }
}

const tellers: Readonly<Record<ValidateValues['output'], (bad: BadLine) => string>> = {
  human: (bad) => `${badLineText(bad)}\n`,
  ndjson: ({ bytes: _, ...bad }) => `${JSON.stringify(bad)}\n`,
  json: () => '',
  // Source: workflow commands of GitHub Actions; these characters are theirs.
  github: (bad) => {
    const message = badLineText(bad)
      .replace(/%/g, '%25')
      .replace(/\r/g, '%0D')
      .replace(/\n/g, '%0A');
    return `::error file=${bad.file},line=${bad.line}::${message}\n`;
  },
};

async function summarize(
  { lines, invalid, problems, outOfOrder, byReason }: Findings,
  paths: readonly string[],
  isCut: boolean,
  output: ValidateValues['output'],
  { out, err }: Outside,
): Promise<void> {
  const figures = { lines, valid: lines - invalid, invalid, problems, outOfOrder, isCut };
  if (output === 'json') {
    const head = { schemaVersion: SCHEMA_VERSION, command: 'validate', files: paths };
    const report = snakeCased({ ...head, ...figures, problemsByReason: byReason.summary() });
    await out.write(`${JSON.stringify(report)}\n`);
    return;
  }
  const text = [
    `${count(lines)} lines of ${paths.join(', ')}: ${count(lines - invalid)} valid, ${count(invalid)} not`,
    ...byReason.summary().map(({ code, count: many }) => `  ${count(many)} ${code}`),
    ...(outOfOrder > 0
      ? [`  ${count(outOfOrder)} are not in order of event time (no problem)`]
      : []),
    ...(isCut ? ['  stopped at --max-errors: what follows was not read'] : []),
  ];
  await err.write(`${text.join('\n')}\n`);
}
