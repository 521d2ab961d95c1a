import type { CommandDescription } from '../../cli/command.ts';
import {
  grouped,
  insteadOf,
  needing,
  setting,
  type Values,
} from '../../cli/settings/define-setting.ts';
import { text, url } from '../../cli/settings/parsers.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { contractSettings } from '../shared/flags/input-flags.ts';
import { streamSettings } from '../shared/flags/stream-flags.ts';

/** The flags of `fraudstream doctor`. */
export const doctorFlags = {
  ...streamSettings,
  ...grouped('Pipeline:', {
    stack: insteadOf(
      'stream',
      setting('--stack <name>', 'CloudFormation stack of a pipeline', undefined, text),
    ),
    url: needing(
      'stack',
      setting('--url <url>', 'scoring API instead of the one of the stack', undefined, url),
    ),
  }),
  ...contractSettings,
  ...grouped('Contract:', {
    verdictStream: needing(
      'contract',
      setting('--verdict-stream <name>', 'stream whose verdicts should fit', undefined, text),
    ),
  }),
  output: outputSettings.output,
};

/** The values of the flags of `fraudstream doctor`. */
export type DoctorValues = Values<typeof doctorFlags>;

/** `fraudstream doctor`. */
export const doctor: CommandDescription<typeof doctorFlags> = {
  name: 'doctor',
  summary: 'check credentials, region, stream, shards, clock and file limits, or a whole pipeline',
  description:
    'Looks at everything a run needs, says what it found, and what to do about the rest. With --stack it ' +
    'reads the outputs of a pipeline that was deployed by pipeline/deploy.sh or its templates, and looks at ' +
    'each part: streams, Flink job, scoring. With --contract it reads one record of the stream, and one ' +
    'of --verdict-stream, and says whether they fit the contract.',
  settings: doctorFlags,
  examples: [
    {
      does: 'Before a load test',
      line: 'fraudstream doctor --stream transactions --region eu-west-1',
    },
    {
      does: 'A pipeline that was deployed',
      line: 'fraudstream doctor --stack fraudstream --region eu-west-1',
    },
    {
      does: 'Do the records of a pipeline fit its contract?',
      line: 'fraudstream doctor --contract contract.yaml --stream transactions --verdict-stream verdicts',
    },
  ],
};
