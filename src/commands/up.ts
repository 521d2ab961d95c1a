import { type Command, command } from './command.ts';
import { list, pairs } from './settings/parser.ts';
import { count, positiveCount } from './settings/quantity.ts';
import { setting } from './settings/setting.ts';
import { awsSettings } from './settings/shared.ts';
import { fault } from './settings/stream-settings.ts';

/** `fraudstream up`. */
export const up: Command = command({
  name: 'up',
  summary: 'run the embedded Kinesis as a service in the foreground',
  description:
    'Starts the embedded Kinesis on loopback and prints one line of JSON with its endpoint when it is ' +
    'ready. Any AWS tool works against it. Faults can be changed while it runs: see docs/local.md.',
  settings: {
    streams: setting(
      '--streams <name:shards>',
      'streams to create',
      ['transactions:4'],
      pairs(positiveCount, 'transactions:4'),
    ),
    port: setting('--port <port>', 'port on 127.0.0.1; 0 takes a free one', '0', count),
    region: awsSettings.region,
    fault: setting('--fault <fault>', 'trouble from the start', [], list(fault)),
  },
  examples: [
    { does: 'A stream of 4 shards', line: 'fraudstream up --streams transactions:4' },
    {
      does: 'A slow and failing one',
      line: 'fraudstream up --fault latency:p50=20ms,p99=400ms --fault fail:0.05',
    },
  ],
  run: async (values, outside) => (await import('./walks/up.ts')).up(values, outside),
});
