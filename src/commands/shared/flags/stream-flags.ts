import { grouped, insteadOf, needing, setting } from '../../../cli/settings/define-setting.ts';
import { type Parser, text, yesNo } from '../../../cli/settings/parsers.ts';
import { milliseconds, positiveCount } from '../../../cli/settings/quantities.ts';
import { faultForms, type KinesisFault, parseFaults } from '../../../emulators/kinesis/faults.ts';
import { awsSettings, kinesisEndpointUrl } from './common-flags.ts';
import { rejectStream } from './run-flags.ts';

/** Faults of the embedded Kinesis: each text may hold several, separated by commas. */
export const faults: Parser<readonly KinesisFault[]> = {
  expected: `a fault: ${faultForms}`,
  example: 'throttle:0.2',
  takes: 'many',
  read: (texts) => texts.flatMap(parseFaults),
};

/** How requests are made. */
export const requestSettings = grouped('Requests:', {
  maxConnections: setting(
    '--max-connections <count>',
    'maximum concurrent requests',
    24,
    positiveCount,
  ),
  requestTimeout: setting(
    '--request-timeout <duration>',
    'time limit of a request, to the last byte of its response',
    '6s',
    milliseconds,
  ),
  connectTimeout: setting(
    '--connect-timeout <duration>',
    'time limit of a connection attempt',
    '6s',
    milliseconds,
  ),
});

/** Which stream, where. */
export const streamSettings = {
  ...grouped('Stream:', {
    stream: setting('-s, --stream <name>', 'Kinesis stream: name or ARN', 'transactions', text),
  }),
  ...awsSettings,
  ...requestSettings,
};

/** An embedded stream instead of one of AWS. */
export const localSettings = grouped('Embedded Kinesis:', {
  local: insteadOf(
    'kinesisEndpointUrl',
    setting('--local', 'use an embedded Kinesis on this machine', false, yesNo),
  ),
  shards: needing(
    'local',
    setting('--shards <count>', 'shards of the embedded stream', 4, positiveCount),
  ),
  fault: needing(
    'local',
    setting(
      '--fault <fault>',
      'inject a fault into the embedded Kinesis, such as throttle:0.2 or latency:50ms',
      [],
      faults,
    ),
  ),
});

/** Kinesis streams that verdicts go to. */
export const verdictStreamSettings = {
  toStream: setting('--to-stream <name>', 'write verdicts to this Kinesis stream', undefined, text),
  rejectStream: { ...rejectStream, meaning: 'write transactions without a score to this stream' },
  kinesisEndpointUrl,
};
