import { type Fault, parseFault } from '../../local/fault.ts';
import { list, type Parser, parser, text, yesNo } from './parser.ts';
import { milliseconds, positiveCount } from './quantity.ts';
import { grouped, type Setting, setting } from './setting.ts';
import { awsSettings } from './shared.ts';

/** One trouble of the embedded Kinesis. */
export const fault: Parser<Fault> = parser(
  'a fault such as throttle:0.2, fail:0.1, http500:0.05, hang:0.01, reset:0.01 or latency:50ms',
  'throttle:0.2',
  (written) => {
    try {
      return parseFault(written);
    } catch {
      // What it would say stands in `expected`.
      return undefined;
    }
  },
);

/** How requests are made. */
export const requestSettings: {
  readonly maxConnections: Setting<number>;
  readonly requestTimeout: Setting<number>;
  readonly connectTimeout: Setting<number>;
} = grouped('Requests:', {
  maxConnections: setting(
    '--max-connections <count>',
    'requests under way at once',
    24,
    positiveCount,
  ),
  requestTimeout: setting('--request-timeout <ms>', 'wait for an answer', '6000', milliseconds),
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
export const localSettings: {
  readonly local: Setting<boolean>;
  readonly shards: Setting<number>;
  readonly fault: Setting<readonly Fault[]>;
} = grouped('Embedded Kinesis:', {
  local: setting(
    '--local',
    'put to an embedded Kinesis that lives as long as the run',
    false,
    yesNo,
  ),
  shards: setting('--shards <count>', 'shards of the embedded stream', 4, positiveCount),
  fault: setting('--fault <fault>', 'trouble of the embedded Kinesis', [], list(fault)),
});
