import { type Command, command } from './command.ts';
import { list } from './settings/parser.ts';
import { positiveCount } from './settings/quantity.ts';
import { rateOrMax } from './settings/rates.ts';
import { grouped, setting } from './settings/setting.ts';
import { outputSettings } from './settings/shared.ts';
import { fault } from './settings/stream-settings.ts';
import { worldSettings } from './settings/world-settings.ts';

/** `fraudstream demo`. */
export const demo: Command = command({
  name: 'demo',
  summary: 'the whole story on this machine: produce, score, read the verdicts, judge, report',
  description:
    'Starts an embedded Kinesis, an engine and a scoring endpoint; puts generated transactions to the ' +
    'stream the KPL way, reads their verdicts, and says by id whether each has one, how good they ' +
    'are, and which transactions are the most suspicious. Needs no AWS account.',
  settings: {
    ...grouped('Run:', {
      count: setting('-n, --count <count>', 'transactions', '40k', positiveCount),
      rate: setting('-r, --rate <rate>', 'transactions a second, or max', '4k/s', rateOrMax),
      shards: setting('--shards <count>', 'shards of the stream', 4, positiveCount),
      fault: setting('--fault <fault>', 'trouble of the embedded Kinesis', [], list(fault)),
    }),
    ...worldSettings,
    ...outputSettings,
  },
  examples: [
    { does: 'Ten seconds', line: 'fraudstream demo' },
    {
      does: 'With a stream that fails',
      line: 'fraudstream demo --fault throttle:0.2 --fault reset:0.05',
    },
  ],
  run: async (values, outside) => (await import('./walks/demo.ts')).demo(values, outside),
});
