import type { CommandDescription } from '../../cli/command.ts';
import { grouped, needing, setting } from '../../cli/settings/define-setting.ts';
import { list, path } from '../../cli/settings/parsers.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings } from '../shared/flags/input-flags.ts';
import {
  engineSettings,
  localEndpointFault,
  localModel,
} from '../shared/flags/local-service-flags.ts';
import { paceSettings } from '../shared/flags/pace-flags.ts';
import { inOrder, producerSettings } from '../shared/flags/producer-flags.ts';
import { abortSettings } from '../shared/flags/report-flags.ts';
import {
  correlationSettings,
  observedSettings,
  outcomeSettings,
  stackSetting,
  verdictReaderSettings,
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
  ...verdictReaderSettings,
  ...localSettings,
  ...grouped('Embedded Kinesis:', {
    ...engineSettings,
    model: needing('local', localModel),
    endpointFault: localEndpointFault,
  }),
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
    labels: setting(
      '--labels <file>',
      'NDJSON file of fraud labels, by transaction id',
      undefined,
      path,
    ),
  }),
  ...worldSettings,
  ...correlationSettings,
  ...grouped('Verdicts:', { threshold, costMissed, costAlarm }),
  ...abortSettings('p99 < 250ms', 'latency.end_to_end.p99 > 250ms'),
  ...producerSettings,
  ordered: inOrder,
  ...outputSettings,
  ...observedSettings,
};

/** `fraudstream run`. */
export const run: CommandDescription<typeof runFlags> = {
  name: 'run',
  summary: 'load-test a pipeline end to end: latency, losses, verdict quality',
  description:
    'Puts transactions to the input stream of a pipeline, reads its verdicts and matches them by ' +
    'transaction_id. Reports latency from put to verdict, verdict quality, and verdicts that are lost, ' +
    'late, duplicate, out of order or wrong.',
  settings: runFlags,
  mainFlags: [
    'stream',
    'verdictStream',
    'stack',
    'region',
    'local',
    'rate',
    'stages',
    'count',
    'duration',
    'input',
    'labels',
    'require',
    'output',
    'report',
  ],
  examples: [
    {
      does: 'Test a pipeline on this machine',
      line: 'fraudstream run --local --rate 2k/s --duration 30s',
    },
    {
      does: 'Test a deployed pipeline in CI',
      line: 'fraudstream run --stream txn-in --verdict-stream verdicts --rate 5k/s --duration 5m --require "p99 < 2s" --require "loss < 0.1%"',
    },
    {
      does: 'Send a recorded day with its labels',
      line: 'fraudstream run --input day.ndjson --labels day.labels.ndjson --rate 1k/s',
    },
  ],
};
