import type { CommandDescription } from '../../cli/command.ts';
import {
  formerly,
  grouped,
  needing,
  setting,
  type Values,
} from '../../cli/settings/define-setting.ts';
import { choice, output, type Parser, yesNo } from '../../cli/settings/parsers.ts';
import { positive, positiveCount, threadsOrAuto } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { contractSettings } from '../shared/flags/input-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

/** A file for an HTML page. */
const page: Parser<string> = {
  ...output,
  expected: 'a file with the ending .html',
  example: 'world.html',
  read: (texts) => (/\.html$/i.test(texts.at(-1) ?? '') ? texts.at(-1) : undefined),
};

/** The flags of `fraudstream generate`. */
export const generateFlags = {
  ...grouped('Bounds:', {
    count: setting(
      '-n, --count <count>',
      'stop after this many transactions (default: 1000, with --days: none)',
      undefined,
      positiveCount,
    ),
    days: setting(
      '--days <days>',
      'stop after this many days of event time, such as 0.5',
      undefined,
      positive,
    ),
  }),
  ...grouped('Output:', {
    out: setting(
      '-o, --out <file>',
      'write to a file instead of stdout; .gz compresses',
      undefined,
      output,
    ),
    format: setting(
      '--format <format>',
      'output format (default: by file extension, else ndjson)',
      undefined,
      choice('ndjson', 'csv', 'parquet'),
    ),
    labels: setting(
      '--labels <place>',
      'write fraud labels: none, inline, or sidecar (a file beside --out)',
      'none',
      choice('none', 'inline', 'sidecar'),
    ),
    manifest: setting(
      '--manifest <file>',
      'write file names and digests here (default: beside --out); none writes no manifest',
      undefined,
      output,
    ),
    progress: outputSettings.progress,
  }),
  ...grouped('Run:', {
    threads: setting('--threads <count>', 'number of generator threads, or auto', 1, threadsOrAuto),
    stats: setting('--stats', 'print statistics of the transactions instead', false, yesNo),
    report: needing(
      'stats',
      formerly(
        '--html <file>',
        setting('--report <file>', 'write the statistics as an HTML page', undefined, page),
      ),
    ),
  }),
  ...contractSettings,
  ...worldSettings,
};

/** The values of the flags of `fraudstream generate`. */
export type GenerateValues = Values<typeof generateFlags>;

/** `fraudstream generate`. */
export const generate: CommandDescription<typeof generateFlags> = {
  name: 'generate',
  summary: 'write generated transactions to stdout or a file',
  description:
    'Writes generated card transactions, one per line, in order of event time. The same settings give ' +
    'the same bytes, with any number of threads. A file is written completely or not at all.',
  settings: generateFlags,
  mainFlags: [
    'count',
    'days',
    'seed',
    'out',
    'format',
    'labels',
    'cards',
    'fraudRate',
    'threads',
    'stats',
    'report',
  ],
  examples: [
    { does: 'Print three transactions', line: 'fraudstream generate --count 3 --seed 1' },
    {
      does: 'Write a fixture, and its labels to day.labels.ndjson',
      line: 'fraudstream generate --count 100k --seed 7 --out day.ndjson --labels sidecar',
    },
    {
      does: 'Write a week as compressed CSV, on all cores',
      line: 'fraudstream generate --days 7 --seed 7 --cards 1M --threads auto --out week.csv.gz',
    },
    {
      does: 'Print and plot the statistics of a world',
      line: 'fraudstream generate --days 7 --seed 7 --stats --report week.html',
    },
  ],
};
