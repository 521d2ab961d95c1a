import { grouped, needing, setting } from '../../../cli/settings/define-setting.ts';
import { list, type Parser, parser, yesNo } from '../../../cli/settings/parsers.ts';
import { duration, rate, size } from '../../../cli/settings/quantities.ts';
import { FraudstreamError } from '../../../errors.ts';
import { type Operator, operators, REQUIRE, type Threshold } from '../../../metrics/thresholds.ts';
import type { Allowance } from '../../../report/document/comparison.ts';

const FORM = /^([A-Za-z][\w.:/-]*)\s*(>=|<=|==|!=|>|<|=)\s*(\S.*)$/;

/** A condition on a figure of the report; `example` is one that the command knows. */
function condition(
  example: string,
  parse: (expression: string) => Threshold | undefined,
): Parser<Threshold> {
  return parser(
    'a figure of the report, one of > >= < <= == !=, and a limit such as 250ms, 1%, 2k/s or 0.6',
    // In an environment variable blanks stand between several.
    example.replaceAll(' ', ''),
    parse,
  );
}

const opposites: Readonly<Record<Operator, Operator>> = {
  '>=': '<',
  '<=': '>',
  '==': '!=',
  '!=': '==',
  '>': '<=',
  '<': '>=',
};

/** A condition that must be true, as the threshold that fails where it is not. Errors: `usage`. */
function parseRequirement(expression: string): Threshold | undefined {
  const threshold = parseThreshold(expression);
  if (!threshold) return undefined;
  const { condition, operator } = threshold;
  return { ...threshold, condition: REQUIRE + condition, operator: opposites[operator] };
}

/**
 * The limit in an expression such as `latency.end_to_end.p99 > 250ms`, `require matched == 100%`.
 *
 * Errors: throws `usage` with what is wrong; whether the figure exists is known to the command alone.
 */
export function parseThreshold(expression: string): Threshold | undefined {
  if (expression.startsWith(REQUIRE)) return parseRequirement(expression.slice(REQUIRE.length));
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
  if (/[/a-z]$/i.test(text) && /ps$|\//.test(text))
    return withUnit(rate.read([text.replace(/\s+/g, '')]), 'per-second');
  return withUnit(rate.read([text]), 'none');
}

function withUnit(
  value: number | undefined,
  unit: Threshold['unit'],
): Pick<Threshold, 'value' | 'unit'> | undefined {
  return value === undefined ? undefined : { value, unit };
}

/** The conditions that decide the exit code; the examples name figures that the report of the command has. */
export function thresholdSettings(required: string, failing: string) {
  return grouped('Thresholds:', {
    require: setting(
      '--require <condition>',
      `exit with 99 unless this is true at the end, such as "${required}"`,
      [],
      list(condition(required, parseRequirement)),
    ),
    failIf: setting(
      '--fail-if <condition>',
      `exit with 99 if this is true at the end, such as "${failing}"`,
      [],
      list(condition(failing, parseThreshold)),
    ),
  });
}

/** The same, which can end a run early. */
export function abortSettings(required: string, failing: string) {
  return {
    ...thresholdSettings(required, failing),
    ...grouped('Thresholds:', {
      abortOnFail: needing(
        ['require', 'failIf'],
        setting('--abort-on-fail', 'end the run when a threshold fails for 3 s', false, yesNo),
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
