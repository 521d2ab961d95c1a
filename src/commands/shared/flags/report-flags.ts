import { grouped, needing, type Setting, setting } from '../../../cli/settings/define-setting.ts';
import { list, type Parser, parser, yesNo } from '../../../cli/settings/parsers.ts';
import { duration, rate, size } from '../../../cli/settings/quantities.ts';
import { FraudstreamError } from '../../../errors.ts';
import { operators, type Threshold } from '../../../metrics/thresholds.ts';
import type { Allowance } from '../../../report/document/comparison.ts';

const FORM = /^([A-Za-z][\w.:/-]*)\s*(>=|<=|==|!=|>|<|=)\s*(\S.*)$/;

/** A condition on a figure of the report; `example` is one that the command knows. */
function condition(example: string): Parser<Threshold> {
  return parser(
    'a figure of the report, one of > >= < <= == !=, and a limit such as 250ms, 1%, 2k/s or 0.6',
    // In an environment variable blanks stand between several.
    example.replaceAll(' ', ''),
    parseThreshold,
  );
}

/**
 * The limit in an expression such as `latency.end_to_end.p99 > 250ms`, `matched < 100%`.
 *
 * Errors: throws `usage` with what is wrong; whether the figure exists is known to the command alone.
 */
export function parseThreshold(expression: string): Threshold | undefined {
  const [, name = '', operator = '', text = ''] = FORM.exec(expression.trim()) ?? [];
  if (name === '') return undefined;
  if (operator === '=') {
    throw new FraudstreamError('usage', `"${expression}": write == for equal, != for not equal`);
  }
  const found = operators.find((known) => known === operator);
  const value = quantityOf(text);
  return found && value ? { condition: expression, name, operator: found, ...value } : undefined;
}

function quantityOf(text: string): Pick<Threshold, 'value' | 'unit'> | undefined {
  const [, percent] = /^(-?\d+(?:\.\d+)?)\s*%$/.exec(text) ?? [];
  if (percent !== undefined) return { value: Number(percent) / 100, unit: 'percent' };
  if (/^-?\d+(\.\d+)?(e-?\d+)?$/i.test(text)) return { value: Number(text), unit: 'none' };
  const ms = duration.read([text.replace(/\s+/g, '')]);
  if (ms !== undefined) return { value: ms, unit: 'ms' };
  if (/b$/i.test(text)) return withUnit(size.read([text]), 'bytes');
  if (/\/[smh]$/.test(text)) return withUnit(rate.read([text.replace(/\s+/g, '')]), 'per-second');
  return withUnit(rate.read([text]), 'none');
}

function withUnit(
  value: number | undefined,
  unit: Threshold['unit'],
): Pick<Threshold, 'value' | 'unit'> | undefined {
  return value === undefined ? undefined : { value, unit };
}

/** When a run has failed although it finished. */
export interface FailSettings {
  readonly failIf: Setting<readonly Threshold[]>;
}

/** The conditions of `--fail-if`; the example speaks of a figure that the report of the command has. */
export function failSettings(example: string): FailSettings {
  return grouped('Judgement:', {
    failIf: setting(
      '--fail-if <condition>',
      `exit with 99 if it holds at the end, such as "${example}"`,
      [],
      list(condition(example)),
    ),
  });
}

/** The same, with an end as soon as one holds. */
export function abortSettings(
  example: string,
): FailSettings & { readonly abortOnFail: Setting<boolean> } {
  return {
    ...failSettings(example),
    ...grouped('Judgement:', {
      abortOnFail: needing(
        'failIf',
        setting('--abort-on-fail', 'end the run when one has held for 3 s', false, yesNo),
      ),
    }),
  };
}

/** The forms of a report; `rendered.ts` has one rendering for each. */
const ENDING = /\.(json|html|xml|md|csv|hlog|prom|emf)$/i;

/** A file for a report, whose ending says its form. */
export const reportFile: Parser<string> = {
  ...parser(
    'a file with the ending .json, .html, .xml (JUnit), .md, .csv, .hlog, .prom or .emf',
    'report.html',
    (text) => (ENDING.test(text) ? text : undefined),
  ),
  isPath: true,
  isOutput: true,
};

/** The same for a search, which has no histograms of latencies. */
export const searchReportFile: Parser<string> = {
  ...reportFile,
  expected: 'a file with the ending .json, .html, .xml (JUnit), .md, .csv, .prom or .emf',
  read: (texts) => (/\.hlog$/i.test(texts.at(-1) ?? '') ? undefined : reportFile.read(texts)),
};

/** By how much a figure may change: `latency.end_to_end.p99:+10%`, `quality.recall:-0.02`. */
export const allowance: Parser<Allowance> = parser(
  'a figure, ":" and how much it may rise (+) or fall (-), as a share or a number',
  'latency.end_to_end.p99:+10%',
  (expression) => {
    const [, name, by, percent] =
      /^([A-Za-z][\w.:/-]*):([+-]\d+(?:\.\d+)?)(%?)$/.exec(expression) ?? [];
    if (name === undefined) return undefined;
    const isShare = percent === '%';
    return { expression, name, by: isShare ? Number(by) / 100 : Number(by), isShare };
  },
);
