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
      'transactions of files instead of generated ones; - is stdin',
      [],
      list(path),
    ),
    ...inputSettings,
    ...orderSettings,
  }),
  ...worldSettings,
  ...producerSettings,
  ...abortSettings('delivery.response.p99 > 250ms'),
  ...outputSettings,
  ...observedSettings,
  ...grouped('Run:', {
    dryRun: setting('--dry-run', 'print what each shard would get, and send nothing', false, yesNo),
  }),
};

/** The values of the flags of `fraudstream produce`. */
export type ProduceValues = Values<typeof produceFlags>;

/** `fraudstream produce`. */
export const produce: CommandDescription<typeof produceFlags> = {
  name: 'produce',
  summary: 'put transactions to Kinesis as the Kinesis Producer Library would',
  description:
    'Puts generated transactions, or those of a file, to a Kinesis data stream: aggregated in the ' +
    'format of the KPL, at a rate, with retries, and with a receipt for every record. Runs until ' +
    '--count, --duration, the last of the --stages, the end of the --input, or Ctrl-C.',
  settings: produceFlags,
  examples: [
    {
      does: '5000 transactions a second for a minute to a stream of AWS',
      line: 'fraudstream produce --stream transactions --region eu-west-1 --rate 5k/s --duration 1m',
    },
    {
      does: 'Climb to 5000/s in 30 s and hold until minute 5',
      line: 'fraudstream produce --stages "0@0 5k@30s 5k@5m"',
    },
    {
      does: 'A recorded file, as fast as it goes',
      line: 'fraudstream produce --input day.ndjson --rate max',
    },
    { does: 'Would the stream carry it?', line: 'fraudstream produce --rate 20k/s --dry-run' },
    {
      does: 'Without AWS, with a stream that throttles',
      line: 'fraudstream produce --local --fault throttle:0.2 --count 10k',
    },
  ],
};
