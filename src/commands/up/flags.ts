import type { CommandDescription } from '../../cli/command.ts';
import { setting } from '../../cli/settings/define-setting.ts';
import { pairs, parser, yesNo } from '../../cli/settings/parsers.ts';
import { port, positiveCount, size } from '../../cli/settings/quantities.ts';
import { parseShardLimits } from '../../emulators/kinesis/limits.ts';
import { awsSettings } from '../shared/flags/common-flags.ts';
import { endpointSettings, flinkSettings } from '../shared/flags/local-service-flags.ts';
import { faults } from '../shared/flags/stream-flags.ts';

/** The flags of `fraudstream up`. */
export const upFlags = {
  streams: setting(
    '--streams <name:shards>',
    'streams to create',
    ['transactions:4'],
    pairs(positiveCount, 'transactions:4'),
  ),
  port: setting('--port <port>', 'port of Kinesis on 127.0.0.1; 0 picks a free one', '0', port),
  region: awsSettings.region,
  account: setting(
    '--account <id>',
    'AWS account in the ARNs of streams, 12 digits',
    '000000000000',
    parser('12 digits', '123456789012', (text) => (/^\d{12}$/.test(text) ? text : undefined)),
  ),
  shardLimits: setting(
    '--shard-limits <limits>',
    'limits of a shard per second: aws, none, or records and bytes',
    'aws',
    parser('aws, none, or RECORDS,BYTES', '2000,2097152', parseShardLimits),
  ),
  retainedBytes: setting(
    '--retained-bytes <size>',
    'payload to retain in all streams; drops the oldest first',
    '512MiB',
    size,
  ),
  tls: setting('--tls', 'serve HTTPS with a new certificate; print its path', false, yesNo),
  fault: setting(
    '--fault <fault>',
    'inject a fault into Kinesis, such as throttle:0.2 or latency:50ms',
    [],
    faults,
  ),
  ...endpointSettings,
  ...flinkSettings,
};

/** `fraudstream up`. */
export const up: CommandDescription<typeof upFlags> = {
  name: 'up',
  summary: 'run the embedded Kinesis and a scoring endpoint in the foreground',
  description:
    'Starts the embedded Kinesis and a scoring endpoint on loopback. Prints one line of JSON with their ' +
    'addresses when they are ready. Any AWS tool works against them. The endpoint serves the APIs of the ' +
    'SageMaker runtime, the XGBoost container and API Gateway. docs/local.md and docs/endpoint.md show ' +
    'how to change faults at run time.',
  settings: upFlags,
  mainFlags: [
    'streams',
    'port',
    'shardLimits',
    'tls',
    'fault',
    'endpoint',
    'endpointPort',
    'endpointFault',
    'endpointAuth',
    'flink',
  ],
  examples: [
    { does: 'Start a stream of 4 shards', line: 'fraudstream up --streams transactions:4' },
    {
      does: 'Start a slow stream that fails',
      line: 'fraudstream up --fault latency:p50=20ms,p99=400ms --fault fail:0.05',
    },
    {
      does: 'Start an endpoint with 16 workers of 8 ms each, for signed requests',
      line: 'fraudstream up --endpoint-fault workers:16 --endpoint-fault latency:8ms --endpoint-auth sigv4',
    },
    {
      does: 'Start a whole pipeline: stream, Flink job, endpoint, verdicts',
      line: 'fraudstream up --streams transactions:4 --flink',
    },
  ],
};
