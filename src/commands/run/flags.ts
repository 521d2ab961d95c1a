import type { CommandDescription } from '../../cli/command.ts';
import { grouped, setting } from '../../cli/settings/define-setting.ts';
import { list, path } from '../../cli/settings/parsers.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings } from '../shared/flags/input-flags.ts';
import { engineSettings, localEndpointFaults } from '../shared/flags/local-service-flags.ts';
import { paceSettings } from '../shared/flags/pace-flags.ts';
import { inOrder, producerSettings } from '../shared/flags/producer-flags.ts';
import { abortSettings } from '../shared/flags/report-flags.ts';
import {
  correlationSettings,
  observedSettings,
  outcomeSettings,
  stackSetting,
} from '../shared/flags/run-flags.ts';
import { judgeSettings } from '../shared/flags/score-flags.ts';
import { localSettings, streamSettings } from '../shared/flags/stream-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

const { threshold, costMissed, costAlarm } = judgeSettings;

/** The flags of `fraudstream run`. */
export const runFlags = {
  ...streamSettings,
  ...stackSetting,
  ...outcomeSettings,
  ...localSettings,
  ...grouped('Embedded Kinesis:', {
    ...engineSettings,
    endpointFaults: localEndpointFaults,
  }),
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
    labels: setting('--labels <file>', 'NDJSON of the truth, by id', undefined, path),
  }),
  ...worldSettings,
  ...correlationSettings,
  ...grouped('Verdicts:', { threshold, costMissed, costAlarm }),
  ...abortSettings('latency.end_to_end.p99 > 250ms'),
  ...producerSettings,
  ordered: inOrder,
  ...outputSettings,
  ...observedSettings,
};

/** `fraudstream run`. */
export const run: CommandDescription<typeof runFlags> = {
  name: 'run',
  summary: 'drive a deployed pipeline end to end and judge it',
  description:
    'Puts transactions to the input stream of a pipeline, reads its verdicts, matches them by ' +
    'transaction_id, keeps the truth on its own side, and answers: latency from put to verdict, what ' +
    'was lost, late, doubled, out of order or wrong, and whether a --fail-if condition is true. Reads before it ' +
    'writes, and drains before it judges.',
  settings: runFlags,
  examples: [
    {
      does: 'A whole pipeline on this machine',
      line: 'fraudstream run --local --rate 2k/s --duration 30s',
    },
    {
      does: 'A deployed one, with an answer for CI',
      line: 'fraudstream run --stream txn-in --verdict-stream verdicts --rate 5k/s --duration 5m --fail-if "latency.end_to_end.p99 >= 2s" --fail-if "matched < 99.9%"',
    },
    {
      does: 'A recorded day, with its labels',
      line: 'fraudstream run --input day.ndjson --labels day.labels.ndjson --rate 1k/s',
    },
  ],
};
