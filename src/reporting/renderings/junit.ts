import { answerOfRow } from '../document/comparison.ts';
import type { ReportDocument } from '../document/report-document.ts';
import { cautionOf, secondsOf, titleOf } from '../document/views.ts';
import { answerOf } from '../limit.ts';
import { reportText } from '../report-text.ts';

/** One thing that the run had to hold, and why it did not. */
interface Case {
  readonly name: string;
  readonly failure: string | undefined;
  /** It decided nothing. */
  readonly isSkipped?: boolean;
}

/** A report as JUnit XML: a test case for each limit, and one for everything else that can fail. */
export function junit(document: ReportDocument): string {
  const { command, started_at: at, limits = [], comparison, outcome, ended_by: ended } = document;
  const regressions = comparison?.rows.filter(({ allowed }) => allowed !== undefined) ?? [];
  const named = [
    ...limits.map(({ expression }) => expression),
    ...regressions.map((row) => row.name),
    ...(ended ? [ended.reason] : []),
  ];
  const others = (outcome?.reasons ?? []).filter(
    (reason) => !named.some((name) => reason.startsWith(name)),
  );
  const cases: readonly Case[] = [
    ...(ended ? [{ name: 'ran to its end', failure: ended.reason }] : []),
    {
      name: document.search ? 'a rate was kept' : 'nothing was lost',
      failure: others.length > 0 ? others.join('; ') : undefined,
    },
    ...limits.map((limit) => ({
      name: `not ${limit.expression}`,
      failure: limit.holds ? `it is ${limit.told}` : undefined,
      isSkipped: answerOf(limit) === 'not measured',
    })),
    ...regressions.map((row) => ({
      name: `${row.name} within ${row.allowed} of the baseline`,
      failure: row.reason,
      isSkipped: answerOfRow(row) === 'not measured',
    })),
  ];
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

/** What no test case says: whose figures these are, and what a search found. */
function systemOut(document: ReportDocument): readonly string[] {
  const caution = cautionOf(document);
  const found = document.search ? reportText(document) : [];
  return caution === undefined || document.search ? found : [caution];
}

function testCase({ name, failure, isSkipped }: Case, command: string): string {
  const head = `    <testcase name="${attribute(name)}" classname="fraudstream.${attribute(command)}"`;
  if (isSkipped) return `${head}><skipped message="NOT MEASURED"/></testcase>`;
  if (failure === undefined) return `${head}/>`;
  return `${head}><failure message="${attribute(failure)}"/></testcase>`;
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
    .replace(/[&<>"]/g, (letter) => entities[letter] ?? letter);
}
