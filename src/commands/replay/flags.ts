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

const {
  endpointUrl,
  connectTimeout,
  local: _,
  region: __,
  profile: ___,
  ...target
} = targetSettings;
const { requestTimeout, ...asyncIo } = asyncSettings;

/** The flags of the scoring; those that Kinesis knows too have the defaults of scoring here. */
const scoringSettings = grouped('With --to score:', {
  ...target,
  ...formSettings,
  ...asyncIo,
  ...judgeSettings,
  warmUp: correlationSettings.warmUp,
  ipSpace: worldSettings.ipSpace,
  out: setting('-o, --out <file>', 'verdicts to a file', undefined, output),
  ...verdictStreamSettings,
  scoringEndpointUrl: sharingFlag('endpointUrl', endpointUrl),
  scoringConnectTimeout: sharingFlag('connectTimeout', connectTimeout),
  scoringRequestTimeout: sharingFlag('requestTimeout', requestTimeout),
});

/** The flags of `fraudstream replay`. */
export const replayFlags = {
  files: argument('<files...>', 'files, patterns, s3:// objects, or - for stdin', list(path)),
  ...inputSettings,
  ...orderSettings,
  ...timingSettings,
  ...selectionSettings,
  ...grouped('Destination:', {
    to: setting(
      '--to <where>',
      'kinesis, stdout, or score: a scoring endpoint',
      'kinesis',
      choice('kinesis', 'stdout', 'score'),
    ),
  }),
  ...streamSettings,
  ...localSettings,
  ...resumeSettings,
  ...producerSettings,
  ...scoringSettings,
  ...abortSettings('delivery.response.p99 > 250ms'),
  ...outputSettings,
  ...observedSettings,
  ...grouped('Run:', {
    dryRun: setting(
      '--dry-run',
      'print how many, how long and how fast it would be; send nothing',
      false,
      yesNo,
    ),
  }),
};

/** The values of the flags of `fraudstream replay`. */
export type ReplayValues = Values<typeof replayFlags>;

/** `fraudstream replay`. */
export const replay: CommandDescription<typeof replayFlags> = {
  name: 'replay',
  summary: 'put recorded transactions to Kinesis, with their own timing',
  description:
    'Reads transactions from files and puts them to a Kinesis data stream when they are due (or to ' +
    'stdout, or to a scoring endpoint): each as ' +
    'long after the first as its event time says, at the speed asked for. NDJSON, CSV and Parquet, ' +
    'gzip too; several files are read as one. Labels of fraud are left out.',
  settings: replayFlags,
  examples: [
    {
      does: 'A day in a quarter of an hour, as if it were now',
      line: 'fraudstream replay day.ndjson.gz --speed 96x --time-shift now',
    },
    {
      does: 'A foreign CSV that is not in order',
      line: 'fraudstream replay theirs.csv --map theirs.yaml --sort --speed max',
    },
    {
      does: 'What would that be?',
      line: 'fraudstream replay "days/*.ndjson" --speed 10x --dry-run',
    },
    {
      does: 'Go on after a crash',
      line: 'fraudstream replay day.ndjson --checkpoint day.position --resume',
    },
    {
      does: 'To a scoring endpoint of this machine, as fast as it happened',
      line: 'fraudstream replay day.ndjson --to score --local --max-gap 1s --out verdicts.ndjson',
    },
    {
      does: 'In CI, without AWS',
      line: 'fraudstream replay fixtures/*.ndjson --local --speed max --on-error stop',
    },
  ],
};
