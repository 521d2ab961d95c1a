import { type Command, command } from './command.ts';
import { localEndpointFaults } from './settings/endpoint-settings.ts';
import { abortSettings } from './settings/fail-if.ts';
import { engineSettings } from './settings/flink-settings.ts';
import { inputSettings } from './settings/input-settings.ts';
import { paceSettings } from './settings/pace-settings.ts';
import { list, path, yesNo } from './settings/parser.ts';
import { producerOf, producerSettings } from './settings/producer-settings.ts';
import {
  correlationSettings,
  liveSetting,
  outcomeSettings,
  stackSetting,
} from './settings/run-settings.ts';
import { judgeSettings } from './settings/score-settings.ts';
import { grouped, setting } from './settings/setting.ts';
import { outputSettings } from './settings/shared.ts';
import { localSettings, streamSettings } from './settings/stream-settings.ts';
import { worldSettings } from './settings/world-settings.ts';

const { threshold, costMissed, costAlarm } = judgeSettings;
/** Only where our own puts keep their order can that of verdicts be judged. */
const inOrder = {
  ...setting(
    '--no-ordered',
    'put without keeping the order of each card; then that of verdicts is not judged',
    true,
    yesNo,
  ),
  group: 'Producer, in the words of the KPL:',
};

/** `fraudstream run`. */
export const run: Command = command({
  name: 'run',
  summary: 'drive a deployed pipeline end to end and judge it',
  description:
    'Puts transactions to the input stream of a pipeline, reads its verdicts, matches them by ' +
    'transaction_id, keeps the truth on its own side, and answers: latency from put to verdict, what ' +
    'was lost, late, doubled, out of order or wrong, and whether --fail-if holds. Reads before it ' +
    'writes, and drains before it judges.',
  settings: {
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
      labels: setting('--labels <file>', 'NDJSON of the truth, by id', undefined, path),
    }),
    ...worldSettings,
    ...correlationSettings,
    ...grouped('Verdicts:', { threshold, costMissed, costAlarm }),
    ...abortSettings('latency.end_to_end.p99 > 250ms'),
    ...producerSettings,
    ordered: inOrder,
    ...outputSettings,
    ...liveSetting,
  },
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
  run: async (values, outside) => {
    const walk = await import('./walks/run.ts');
    return walk.run({ ...values, producer: producerOf(values) }, outside);
  },
});
