import type { Allowance } from '../../reporting/document/comparison.ts';
import { type Parser, parser } from './parser.ts';

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
