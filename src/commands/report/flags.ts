import type { CommandDescription } from '../../cli/command.ts';
import {
  argument,
  formerly,
  grouped,
  needing,
  setting,
  type Values,
} from '../../cli/settings/define-setting.ts';
import { choice, list, path } from '../../cli/settings/parsers.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { allowance, thresholdSettings } from '../shared/flags/report-flags.ts';

/** The flags of `fraudstream report`. */
export const reportFlags = {
  files: argument('<files...>', 'JSON reports; several are merged', list(path)),
  ...grouped('Output:', {
    report: formerly('--to <file>', outputSettings.report),
    output: setting(
      '--output <format>',
      'format of stdout; github writes annotations and the step summary',
      'human',
      choice('human', 'json', 'github'),
    ),
  }),
  ...thresholdSettings('p99 < 250ms', 'latency.end_to_end.p99 > 250ms'),
  ...grouped('Thresholds:', {
    baseline: setting(
      '--baseline <file>',
      'compare with this earlier JSON report',
      undefined,
      path,
    ),
    allowChange: needing(
      'baseline',
      formerly(
        '--limit <figure:change>',
        setting(
          '--allow-change <figure:change>',
          'exit with 99 if a figure changes by more, such as latency.end_to_end.p99:+10%',
          [],
          list(allowance),
        ),
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
    'Reads JSON reports of other commands and merges several into one: counts and rates add up, ' +
    'percentiles come from merged histograms, verdict quality from score counts. Exits with 75 for lost ' +
    'records, and with 99 for a failed --require or --fail-if, or a change beyond --allow-change.',
  settings: reportFlags,
  examples: [
    { does: 'Write an HTML page', line: 'fraudstream report run.json --report run.html' },
    {
      does: 'Merge the reports of two machines',
      line: 'fraudstream report part-1.json part-2.json --report whole.json --report whole.html',
    },
    {
      does: 'Fail if it is slower than last week (exit code 99)',
      line: 'fraudstream report run.json --baseline last.json --allow-change latency.end_to_end.p99:+10% --allow-change quality.recall:-0.02',
    },
    {
      does: 'Write annotations, step summary and JUnit in GitHub Actions',
      line: 'fraudstream report run.json --output github --report junit.xml',
    },
  ],
};
