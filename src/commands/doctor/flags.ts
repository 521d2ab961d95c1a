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
      setting('--stack <name>', 'check the pipeline of this CloudFormation stack', undefined, text),
    ),
    url: needing(
      'stack',
      setting(
        '--url <url>',
        'check this scoring API instead of the one of the stack',
        undefined,
        url,
      ),
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
  summary: 'check credentials, stream, clock and limits, or a deployed pipeline',
  description:
    'Checks what a run needs: credentials, region, stream, shards, clock and file limits. Prints each ' +
    'result, and how to fix what fails. With --stack it checks each part of a pipeline that ' +
    'pipeline/deploy.sh or its templates deployed: streams, Flink job, scoring. With --contract it reads ' +
    'one record of each stream and reports whether they fit.',
  settings: doctorFlags,
  mainFlags: [
    'stream',
    'region',
    'profile',
    'kinesisEndpointUrl',
    'stack',
    'url',
    'contract',
    'verdictStream',
    'output',
  ],
  examples: [
    {
      does: 'Check a stream before a load test',
      line: 'fraudstream doctor --stream transactions --region eu-west-1',
    },
    {
      does: 'Check a deployed pipeline',
      line: 'fraudstream doctor --stack fraudstream --region eu-west-1',
    },
    {
      does: 'Check whether the records of a pipeline fit its contract',
      line: 'fraudstream doctor --contract contract.yaml --stream transactions --verdict-stream verdicts',
    },
  ],
};
