import type { CommandDescription } from '../../cli/command.ts';
import {
  argument,
  grouped,
  needing,
  setting,
  type Values,
} from '../../cli/settings/define-setting.ts';
import { choice, list, path } from '../../cli/settings/parsers.ts';
import { allowance, failSettings, reportFile } from '../shared/flags/report-flags.ts';

/** The flags of `fraudstream report`. */
export const reportFlags = {
  files: argument('<files...>', 'JSON reports; several are merged', list(path)),
  ...grouped('Output:', {
    to: setting(
      '--to <file>',
      'write it by its ending: .html, .json, .xml (JUnit), .md, .csv, .hlog, .prom, .emf',
      [],
      list(reportFile),
    ),
    output: setting(
      '--output <form>',
      'form of stdout; github writes annotations, and the summary of the step',
      'human',
      choice('human', 'json', 'github'),
    ),
  }),
  ...failSettings('latency.end_to_end.p99 > 250ms'),
  ...grouped('Judgement:', {
    baseline: setting(
      '--baseline <file>',
      'an earlier JSON report to compare with',
      undefined,
      path,
    ),
    limit: needing(
      'baseline',
      setting(
        '--limit <figure:change>',
        'how much worse a figure may be, such as latency.end_to_end.p99:+10%',
        [],
        list(allowance),
      ),
    ),
  }),
};

/** The values of the flags of `fraudstream report`. */
export type ReportCommandValues = Values<typeof reportFlags>;

/** `fraudstream report`. */
export const report: CommandDescription<typeof reportFlags> = {
  name: 'report',
  summary: 'render JSON reports, merge those of several machines, compare with a baseline',
  description:
    'Reads JSON reports that --report has written. Several are merged into the report of their union: ' +
    'counts and rates add up, percentiles come from merged histograms, verdict quality from counted scores. ' +
    'Ends with the exit code of the result that it tells: 75 over lost records, 99 when --fail-if holds ' +
    'or a figure got worse than --limit allows.',
  settings: reportFlags,
  examples: [
    { does: 'A page of a run', line: 'fraudstream report run.json --to run.html' },
    {
      does: 'One report of two machines',
      line: 'fraudstream report part-1.json part-2.json --to whole.json --to whole.html',
    },
    {
      does: 'Is it slower than last week? (exit code 99)',
      line: 'fraudstream report run.json --baseline last.json --limit latency.end_to_end.p99:+10% --limit quality.recall:-0.02',
    },
    {
      does: 'In GitHub Actions: annotations, the step summary, JUnit',
      line: 'fraudstream report run.json --output github --to junit.xml',
    },
  ],
};
