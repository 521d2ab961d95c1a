import type { CommandDescription } from '../../cli/command.ts';
import { grouped, insteadOf, setting, type Values } from '../../cli/settings/define-setting.ts';
import { text, url } from '../../cli/settings/parsers.ts';
import { rate } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { contractSettings } from '../shared/flags/input-flags.ts';
import { streamSettings } from '../shared/flags/stream-flags.ts';
import { sagemakerEndpointUrl } from '../shared/flags/target-flags.ts';

/** The flags of `fraudstream doctor`. */
export const doctorFlags = {
  ...streamSettings,
  ...grouped('Stream:', {
    verdictStream: setting(
      '--verdict-stream <name>',
      'Kinesis stream of verdicts, also checked',
      undefined,
      text,
    ),
    rejectStream: setting(
      '--reject-stream <name>',
      'Kinesis stream of dead letters, also checked',
      undefined,
      text,
    ),
    rate: setting('-r, --rate <rate>', 'compare the shards with this rate', undefined, rate),
  }),
  ...grouped('Pipeline:', {
    stack: insteadOf(
      'stream',
      setting('--stack <name>', 'check the pipeline of this CloudFormation stack', undefined, text),
    ),
  }),
  ...grouped('Scoring endpoint:', {
    endpointName: setting(
      '--endpoint-name <name>',
      'score one row by this SageMaker endpoint',
      undefined,
      text,
    ),
    url: insteadOf(
      'endpointName',
      setting('--url <url>', 'score one row by this API', undefined, url),
    ),
    sagemakerEndpointUrl: { ...sagemakerEndpointUrl, needs: 'endpointName' },
  }),
  ...contractSettings,
  output: outputSettings.output,
};

/** The values of the flags of `fraudstream doctor`. */
export type DoctorValues = Values<typeof doctorFlags>;

/** `fraudstream doctor`. */
export const doctor: CommandDescription<typeof doctorFlags> = {
  name: 'doctor',
  summary: 'check everything that a run needs, and print how to fix what fails',
  description:
    'Checks Node.js, file limits, proxies, credentials, the clock, and for each stream its state, shards ' +
    'and permissions. Prints each check with a tick, and how to fix what fails. Writes nothing to a ' +
    'stream. With --stack it checks the streams, Flink job and scoring of a deployed pipeline. With ' +
    '--contract it reads one record of each stream and reports whether they fit.',
  settings: doctorFlags,
  mainFlags: [
    'stream',
    'region',
    'kinesisEndpointUrl',
    'verdictStream',
    'rejectStream',
    'rate',
    'stack',
    'endpointName',
    'url',
    'contract',
    'output',
  ],
  examples: [
    {
      does: 'Check a stream before a load test',
      line: 'fraudstream doctor --stream transactions --verdict-stream verdicts --rate 5k/s',
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
