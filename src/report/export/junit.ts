import { thresholdState } from '../../metrics/thresholds.ts';
import { count } from '../../text/format.ts';
import { comparisonState } from '../document/comparison.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { isValidation } from '../document/validation-view.ts';
import { cautionOf, secondsOf, titleOf } from '../document/views.ts';
import { reportText } from '../text/report-text.ts';
import { findingText } from '../text/validation-text.ts';

/** Findings listed for one file. */
const FINDINGS_SHOWN = 200;

/** One JUnit test case, and why it failed. */
interface Case {
  readonly name: string;
  readonly failure: string | undefined;
  /** Lines of the failure's body. */
  readonly detail?: string;
  /** Not measured. */
  readonly isSkipped?: boolean;
}

/** Renders a report as JUnit XML: a test case for each threshold, and one for everything else that can fail. */
export function junit(document: ReportDocument): string {
  const { command, started_at: at } = document;
  const cases = casesOf(document);
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter(({ isSkipped }) => isSkipped).length;
  const seconds = secondsOf(document);
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" time="${seconds.toFixed(3)}"`;
  const stamp = at === undefined ? '' : ` timestamp="${at.slice(0, 19)}"`;
  const said = systemOut(document);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${attribute(titleOf(document))}" ${counts} skipped="${skipped}"${stamp}>`,
    ...cases.map((one) => testCase(one, command)),
    ...(said.length === 0 ? [] : [`    <system-out>${attribute(said.join('\n'))}</system-out>`]),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf(document: ReportDocument): readonly Case[] {
  const { thresholds = [], comparison, outcome, ended_by: ended } = document;
  const regressions = comparison?.rows.filter(({ allowed }) => allowed !== undefined) ?? [];
  const named = [
    ...thresholds.map(({ condition }) => condition),
    ...regressions.map((row) => row.name),
    ...(ended ? [ended.reason] : []),
  ];
  const others = (outcome?.reasons ?? []).filter(
    (reason) => !named.some((name) => reason.startsWith(name)),
  );
  return [
    ...(ended ? [{ name: 'completed', failure: ended.reason }] : []),
    ...(isValidation(document)
      ? fileCases(document)
      : [
          {
            name: document.search ? 'a rate was sustained' : 'nothing was lost',
            failure: others.length > 0 ? others.join('; ') : undefined,
          },
        ]),
    ...thresholds.map((threshold) => ({
      name: `threshold ${threshold.condition}`,
      failure: threshold.passed === false ? `it is ${threshold.actual_text}` : undefined,
      isSkipped: thresholdState(threshold) === 'not measured',
    })),
    ...regressions.map((row) => ({
      name: `${row.name} within ${row.allowed} of the baseline`,
      failure: row.reason,
      isSkipped: comparisonState(row) === 'not measured',
    })),
  ];
}

/** A case for each file of a validation, which fails with what was found in its lines. */
function fileCases(document: ReportDocument): readonly Case[] {
  const { files = [], invalid = 0 } = document;
  const errors = (document.findings ?? []).filter(({ severity }) => severity === 'error');
  const cases = files.map(({ file, invalid: bad }) => {
    const found = errors.filter((finding) => finding.file === file);
    const shown = found.slice(0, FINDINGS_SHOWN).map(findingText);
    const more =
      found.length > shown.length ? ['and further findings, which are only counted'] : [];
    return {
      name: `${file} is valid`,
      failure: bad > 0 ? `${count(bad)} records are invalid` : undefined,
      detail: [...shown, ...more].join('\n'),
    };
  });
  const isListed = invalid === 0 || cases.some(({ failure }) => failure !== undefined);
  const all = { name: 'all records are valid', failure: `${count(invalid)} records are invalid` };
  return isListed ? cases : [...cases, all];
}

/** Lines that belong to no test case: the caution, and the result of a search or a validation. */
function systemOut(document: ReportDocument): readonly string[] {
  const caution = cautionOf(document);
  const isWhole = document.search !== undefined || isValidation(document);
  const found = isWhole ? reportText(document) : [];
  return caution === undefined || isWhole ? found : [caution];
}

function testCase({ name, failure, detail, isSkipped }: Case, command: string): string {
  const head = `    <testcase name="${attribute(name)}" classname="fraudstream.${attribute(command)}"`;
  if (isSkipped) return `${head}><skipped message="NOT MEASURED"/></testcase>`;
  if (failure === undefined) return `${head}/>`;
  const message = `<failure message="${attribute(failure)}"`;
  return detail
    ? `${head}>${message}>${attribute(detail)}</failure></testcase>`
    : `${head}>${message}/></testcase>`;
}

/** Text as an attribute, or between tags; characters that XML 1.0 cannot hold at all are left out. */
function attribute(text: string): string {
  const entities: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  };
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
