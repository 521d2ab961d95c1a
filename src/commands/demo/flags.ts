import type { CommandDescription } from '../../cli/command.ts';
import { grouped, setting } from '../../cli/settings/define-setting.ts';
import { list } from '../../cli/settings/parsers.ts';
import { positiveCount, rateOrMax } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { observedSettings } from '../shared/flags/run-flags.ts';
import { fault } from '../shared/flags/stream-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

/** The flags of `fraudstream demo`. */
export const demoFlags = {
  ...grouped('Run:', {
    count: setting('-n, --count <count>', 'transactions', '40k', positiveCount),
    rate: setting('-r, --rate <rate>', 'transactions a second, or max', '4k/s', rateOrMax),
    shards: setting('--shards <count>', 'shards of the stream', 4, positiveCount),
    fault: setting('--fault <fault>', 'trouble of the embedded Kinesis', [], list(fault)),
  }),
  ...worldSettings,
  ...outputSettings,
  ...observedSettings,
};

/** `fraudstream demo`. */
export const demo: CommandDescription<typeof demoFlags> = {
  name: 'demo',
  summary: 'the whole story on this machine: produce, score, read the verdicts, judge, report',
  description:
    'Starts an embedded Kinesis, an engine and a scoring endpoint; puts generated transactions to the ' +
    'stream the KPL way, reads their verdicts, and says by id whether each has one, how good they ' +
    'are, and which transactions are the most suspicious. Needs no AWS account.',
  settings: demoFlags,
  examples: [
    { does: 'Ten seconds', line: 'fraudstream demo' },
    {
      does: 'With a stream that fails',
      line: 'fraudstream demo --fault throttle:0.2 --fault reset:0.05',
    },
  ],
};
