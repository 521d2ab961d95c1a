import type { CommandDescription } from '../../cli/command.ts';
import { grouped, setting } from '../../cli/settings/define-setting.ts';
import { positiveCount, rateOrMax } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { localModel } from '../shared/flags/local-service-flags.ts';
import { observedSettings } from '../shared/flags/run-flags.ts';
import { faults } from '../shared/flags/stream-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

/** The flags of `fraudstream demo`. */
export const demoFlags = {
  ...grouped('Run:', {
    count: setting('-n, --count <count>', 'number of transactions', '40k', positiveCount),
    rate: setting('-r, --rate <rate>', 'transactions per second, or max', '4k/s', rateOrMax),
    model: localModel,
    shards: setting('--shards <count>', 'number of shards', 4, positiveCount),
    fault: setting(
      '--fault <fault>',
      'inject a fault into the embedded Kinesis, such as throttle:0.2',
      [],
      faults,
    ),
  }),
  ...worldSettings,
  ...outputSettings,
  ...observedSettings,
};

/** `fraudstream demo`. */
export const demo: CommandDescription<typeof demoFlags> = {
  name: 'demo',
  summary: 'run a whole pipeline on this machine and report on it; needs no AWS account',
  description:
    'Starts an embedded Kinesis, an engine and a scoring endpoint. Puts generated transactions to the ' +
    'stream as the KPL does, reads the verdicts and matches them by id. Reports latency, losses, ' +
    'verdict quality and the most suspicious transactions. Needs no AWS account.',
  settings: demoFlags,
  mainFlags: [
    'count',
    'rate',
    'shards',
    'fault',
    'seed',
    'cards',
    'fraudRate',
    'output',
    'report',
    'progress',
  ],
  examples: [
    { does: 'Run for ten seconds', line: 'fraudstream demo' },
    {
      does: 'Inject faults into the stream',
      line: 'fraudstream demo --fault throttle:0.2 --fault reset:0.05',
    },
    {
      does: 'Push the metrics to an OpenTelemetry collector',
      line: 'fraudstream demo --otlp http://127.0.0.1:4318',
    },
  ],
};
