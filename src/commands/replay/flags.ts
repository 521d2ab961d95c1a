import type { CommandDescription } from '../../cli/command.ts';
import {
  argument,
  grouped,
  setting,
  sharingFlag,
  type Values,
} from '../../cli/settings/define-setting.ts';
import { choice, list, output, path, yesNo } from '../../cli/settings/parsers.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings } from '../shared/flags/input-flags.ts';
import { producerSettings } from '../shared/flags/producer-flags.ts';
import { resumeSettings, selectionSettings, timingSettings } from '../shared/flags/replay-flags.ts';
import { abortSettings } from '../shared/flags/report-flags.ts';
import { correlationSettings, observedSettings } from '../shared/flags/run-flags.ts';
import { asyncSettings, formSettings, judgeSettings } from '../shared/flags/score-flags.ts';
import {
  localSettings,
  streamSettings,
  verdictStreamSettings,
} from '../shared/flags/stream-flags.ts';
import { targetSettings } from '../shared/flags/target-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

const { connectTimeout, local: _, region: __, profile: ___, ...target } = targetSettings;
const { requestTimeout, ...asyncIo } = asyncSettings;

/** The flags of the scoring; those that Kinesis knows too have the defaults of scoring here. */
const scoringSettings = grouped('With --to score:', {
  ...target,
  ...formSettings,
  ...asyncIo,
  ...judgeSettings,
  warmUp: correlationSettings.warmUp,
  ipSpace: worldSettings.ipSpace,
  out: setting('-o, --out <file>', 'write verdicts to a file', undefined, output),
  ...verdictStreamSettings,
  scoringConnectTimeout: sharingFlag('connectTimeout', connectTimeout),
  scoringRequestTimeout: sharingFlag('requestTimeout', requestTimeout),
});

/** The flags of `fraudstream replay`. */
export const replayFlags = {
  files: argument('<files...>', 'files, globs, s3:// objects or - (stdin)', list(path)),
  ...inputSettings,
  ...orderSettings,
  ...timingSettings,
  ...selectionSettings,
  ...grouped('Destination:', {
    to: setting(
      '--to <destination>',
      'where to send; score is a scoring endpoint',
      'kinesis',
      choice('kinesis', 'stdout', 'score'),
    ),
  }),
  ...streamSettings,
  ...localSettings,
  ...resumeSettings,
  ...scoringSettings,
  ...producerSettings,
  ordered: {
    ...producerSettings.ordered,
    meaning: 'keep the order of each partition key; with --to score, that of the input',
    formerNames: asyncSettings.ordered.formerNames ?? [],
  },
  ...abortSettings('p99 < 250ms', 'delivery.response.p99 > 250ms'),
  ...outputSettings,
  ...observedSettings,
  ...grouped('Run:', {
    dryRun: setting('--dry-run', 'print count, duration and rates, and send nothing', false, yesNo),
  }),
};

/** The values of the flags of `fraudstream replay`. */
export type ReplayValues = Values<typeof replayFlags>;

/** `fraudstream replay`. */
export const replay: CommandDescription<typeof replayFlags> = {
  name: 'replay',
  summary: 'replay recorded transactions to Kinesis with their original timing',
  description:
    'Reads transactions from files (NDJSON, CSV, Parquet, also gzipped) and sends them to a Kinesis ' +
    'data stream, to stdout or to a scoring endpoint. Event times set the pace, scaled by --speed. ' +
    'Fraud labels are not sent.',
  settings: replayFlags,
  mainFlags: [
    'files',
    'sort',
    'speed',
    'timeShift',
    'to',
    'stream',
    'local',
    'require',
    'report',
    'dryRun',
  ],
  examples: [
    {
      does: 'Replay a day in 15 minutes, with event times of now',
      line: 'fraudstream replay day.ndjson.gz --speed 96x --time-shift now',
    },
    {
      does: 'Replay an unsorted CSV of another schema',
      line: 'fraudstream replay theirs.csv --map theirs.yaml --sort --speed max',
    },
    {
      does: 'Print what a replay would send',
      line: 'fraudstream replay "days/*.ndjson" --speed 10x --dry-run',
    },
    {
      does: 'Resume after a crash',
      line: 'fraudstream replay day.ndjson --checkpoint day.position --resume',
    },
    {
      does: 'Score with a local endpoint, with the original timing',
      line: 'fraudstream replay day.ndjson --to score --local --max-gap 1s --out verdicts.ndjson',
    },
    {
      does: 'Replay in CI, without AWS',
      line: 'fraudstream replay fixtures/*.ndjson --local --speed max --on-error stop',
    },
  ],
};
