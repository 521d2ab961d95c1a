import type { CommandDescription } from '../../cli/command.ts';
import { grouped, setting, type Values } from '../../cli/settings/define-setting.ts';
import { list, path, yesNo } from '../../cli/settings/parsers.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings } from '../shared/flags/input-flags.ts';
import { paceSettings } from '../shared/flags/pace-flags.ts';
import { producerSettings } from '../shared/flags/producer-flags.ts';
import { abortSettings } from '../shared/flags/report-flags.ts';
import { observedSettings } from '../shared/flags/run-flags.ts';
import { localSettings, streamSettings } from '../shared/flags/stream-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

/** The flags of `fraudstream produce`. */
export const produceFlags = {
  ...streamSettings,
  ...localSettings,
  ...paceSettings,
  ...grouped('Input:', {
    input: setting(
      '-i, --input <file>',
      'read transactions from files instead of generating them; - is stdin',
      [],
      list(path),
    ),
    ...inputSettings,
    ...orderSettings,
  }),
  ...worldSettings,
  ...producerSettings,
  ...abortSettings('p99 < 250ms', 'delivery.response.p99 > 250ms'),
  ...outputSettings,
  ...observedSettings,
  ...grouped('Run:', {
    dryRun: setting('--dry-run', 'print the load of each shard, and send nothing', false, yesNo),
  }),
};

/** The values of the flags of `fraudstream produce`. */
export type ProduceValues = Values<typeof produceFlags>;

/** `fraudstream produce`. */
export const produce: CommandDescription<typeof produceFlags> = {
  name: 'produce',
  summary: 'put transactions to Kinesis as the Kinesis Producer Library does',
  description:
    'Puts generated transactions, or those of a file, to a Kinesis data stream at a given rate. ' +
    'Aggregates in the KPL format, retries, and accounts for every record. Runs until --count, ' +
    '--duration, the end of --stages or --input, or Ctrl-C.',
  settings: produceFlags,
  mainFlags: [
    'stream',
    'region',
    'local',
    'rate',
    'stages',
    'count',
    'duration',
    'input',
    'require',
    'report',
    'dryRun',
  ],
  examples: [
    {
      does: 'Put 5000 transactions per second for a minute',
      line: 'fraudstream produce --stream transactions --region eu-west-1 --rate 5k/s --duration 1m',
    },
    {
      does: 'Ramp up to 5000/s in 30 s, and stay there until minute 5',
      line: 'fraudstream produce --stages "0@0 5k@30s 5k@5m"',
    },
    {
      does: 'Put a file as fast as possible',
      line: 'fraudstream produce --input day.ndjson --rate max',
    },
    {
      does: 'Check whether the shards can take a rate',
      line: 'fraudstream produce --rate 20k/s --dry-run',
    },
    {
      does: 'Use an embedded stream that throttles',
      line: 'fraudstream produce --local --fault throttle:0.2 --count 10k',
    },
  ],
};
