import {
  alsoFrom,
  grouped,
  insteadOf,
  needing,
  setting,
} from '../../../cli/settings/define-setting.ts';
import { list, type Parser, parser, text, url, yesNo } from '../../../cli/settings/parsers.ts';
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
export const streamSettings = {
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

/** Kinesis streams that verdicts go to. */
export const verdictStreamSettings = {
  toStream: setting('--to-stream <name>', 'Kinesis stream for verdicts', undefined, text),
  rejectsStream: setting(
    '--rejects-stream <name>',
    'Kinesis stream for what got no score',
    undefined,
    text,
  ),
  kinesisEndpointUrl: alsoFrom(
    setting('--kinesis-endpoint-url <url>', 'Kinesis instead of AWS', undefined, url),
    'AWS_ENDPOINT_URL_KINESIS',
    'AWS_ENDPOINT_URL',
  ),
};
