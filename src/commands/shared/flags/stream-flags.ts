import {
  grouped,
  insteadOf,
  needing,
  type Setting,
  setting,
} from '../../../cli/settings/define-setting.ts';
import { list, type Parser, parser, text, yesNo } from '../../../cli/settings/parsers.ts';
import { milliseconds, positiveCount } from '../../../cli/settings/quantities.ts';
import { faultForms, type KinesisFault, parseFault } from '../../../emulators/kinesis/faults.ts';
import { awsSettings } from './common-flags.ts';

/** One trouble of the embedded Kinesis. */
export const fault: Parser<KinesisFault> = parser(
  `a fault: ${faultForms}`,
  'throttle:0.2',
  parseFault,
);

/** How requests are made. */
export const requestSettings = grouped('Requests:', {
  maxConnections: setting(
    '--max-connections <count>',
    'requests under way at once',
    24,
    positiveCount,
  ),
  requestTimeout: setting(
    '--request-timeout <ms>',
    'time limit of a request, to the last byte of its answer',
    '6000',
    milliseconds,
  ),
  connectTimeout: setting('--connect-timeout <ms>', 'wait for a connection', '6000', milliseconds),
});

/** Which stream, where. */
export const streamSettings: {
  readonly stream: Setting<string>;
} & typeof awsSettings &
  typeof requestSettings = {
  ...grouped('Stream:', {
    stream: setting('-s, --stream <name>', 'name or ARN of the stream', 'transactions', text),
  }),
  ...awsSettings,
  ...requestSettings,
};

/** An embedded stream instead of one of AWS. */
export const localSettings = grouped('Embedded Kinesis:', {
  local: insteadOf(
    'endpointUrl',
    setting('--local', 'put to an embedded Kinesis that lives as long as the run', false, yesNo),
  ),
  shards: needing(
    'local',
    setting('--shards <count>', 'shards of the embedded stream', 4, positiveCount),
  ),
  fault: needing(
    'local',
    setting('--fault <fault>', 'trouble of the embedded Kinesis', [], list(fault)),
  ),
});
