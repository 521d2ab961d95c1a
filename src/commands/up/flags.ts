import type { CommandDescription } from '../../cli/command.ts';
import { setting } from '../../cli/settings/define-setting.ts';
import { list, pairs, parser, yesNo } from '../../cli/settings/parsers.ts';
import { port, positiveCount, size } from '../../cli/settings/quantities.ts';
import { parseShardLimits } from '../../emulators/kinesis/limits.ts';
import { awsSettings } from '../shared/flags/common-flags.ts';
import { endpointSettings, flinkSettings } from '../shared/flags/local-service-flags.ts';
import { fault } from '../shared/flags/stream-flags.ts';

/** The flags of `fraudstream up`. */
export const upFlags = {
  streams: setting(
    '--streams <name:shards>',
    'streams to create',
    ['transactions:4'],
    pairs(positiveCount, 'transactions:4'),
  ),
  port: setting('--port <port>', 'port on 127.0.0.1; 0 takes a free one', '0', port),
  region: awsSettings.region,
  account: setting(
    '--account <id>',
    'AWS account in the ARNs of streams, 12 digits',
    '000000000000',
    parser('12 digits', '123456789012', (text) => (/^\d{12}$/.test(text) ? text : undefined)),
  ),
  shardLimits: setting(
    '--shard-limits <limits>',
    'what a shard takes a second: aws, none, or records and bytes',
    'aws',
    parser('aws, none, or RECORDS,BYTES', '2000,2097152', parseShardLimits),
  ),
  retainedBytes: setting(
    '--retained-bytes <size>',
    'payload kept over all streams; the oldest records go first',
    '512MiB',
    size,
  ),
  tls: setting(
    '--tls',
    'HTTPS with a certificate made for this run; its path is printed',
    false,
    yesNo,
  ),
  fault: setting('--fault <fault>', 'trouble of the stream from the start', [], list(fault)),
  ...endpointSettings,
  ...flinkSettings,
};

/** `fraudstream up`. */
export const up: CommandDescription<typeof upFlags> = {
  name: 'up',
  summary: 'run the embedded Kinesis and a scoring endpoint in the foreground',
  description:
    'Starts the embedded Kinesis and a scoring endpoint on loopback and prints one line of JSON with their ' +
    'addresses when they are ready. Any AWS tool works against them. The endpoint speaks as the SageMaker ' +
    'runtime, as the XGBoost container and as API Gateway. Faults can be changed while they run: see ' +
    'docs/local.md and docs/endpoint.md.',
  settings: upFlags,
  examples: [
    { does: 'A stream of 4 shards', line: 'fraudstream up --streams transactions:4' },
    {
      does: 'A slow and failing one',
      line: 'fraudstream up --fault latency:p50=20ms,p99=400ms --fault fail:0.05',
    },
    {
      does: 'An endpoint of 16 workers that take 8 ms each, for signed requests',
      line: 'fraudstream up --endpoint-faults workers=16,latency=8ms --endpoint-auth sigv4',
    },
    {
      does: 'The whole pipeline: stream, Flink job, endpoint, verdicts',
      line: 'fraudstream up --streams transactions:4 --flink',
    },
  ],
};
