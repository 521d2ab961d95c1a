import type { CommandDescription } from '../../cli/command.ts';
import { grouped, insteadOf, needing, setting } from '../../cli/settings/define-setting.ts';
import { choice, list, output, path, text } from '../../cli/settings/parsers.ts';
import { duration, positiveCount, rateOrMax } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings, restoreSetting } from '../shared/flags/input-flags.ts';
import { from, readerSettings } from '../shared/flags/reading-flags.ts';
import { abortSettings } from '../shared/flags/report-flags.ts';
import { observedSettings } from '../shared/flags/run-flags.ts';
import { asyncSettings, formSettings, judgeSettings } from '../shared/flags/score-flags.ts';
import { verdictStreamSettings } from '../shared/flags/stream-flags.ts';
import { targetSettings } from '../shared/flags/target-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

const { report, progress } = outputSettings;
const { toStream, rejectStream, kinesisEndpointUrl } = verdictStreamSettings;

/** The flags of `fraudstream score`. */
export const scoreFlags = {
  ...targetSettings,
  ...formSettings,
  ...asyncSettings,
  ...grouped('Pace:', {
    rate: setting('-r, --rate <rate>', 'transactions per second, or max', 'max', rateOrMax),
    count: setting(
      '-n, --count <count>',
      'stop after this many transactions',
      undefined,
      positiveCount,
    ),
    duration: setting('-d, --duration <duration>', 'stop after this time', undefined, duration),
    warmUp: setting(
      '--warm-up <duration>',
      'exclude this first part from latencies',
      '1s',
      duration,
    ),
  }),
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
    restore: {
      ...restoreSetting,
      meaning: `${restoreSetting.meaning}; an existing --checkpoint takes precedence`,
    },
    rejects: setting(
      '--rejects <file>',
      'write transactions without a score, and the reason, to this file',
      undefined,
      output,
    ),
  }),
  ...grouped('Streams:', {
    fromStream: insteadOf(
      'input',
      setting(
        '--from-stream <name>',
        'read transactions from this Kinesis stream',
        undefined,
        text,
      ),
    ),
    labelsStream: needing(
      'fromStream',
      setting(
        '--labels-stream <name>',
        'learn reported frauds from this Kinesis stream of labels, read from its beginning',
        undefined,
        text,
      ),
    ),
    toStream,
    rejectStream,
    from: needing('fromStream', from),
    featureOrder: needing(
      'fromStream',
      setting(
        '--feature-order <order>',
        'order of records of several shards: as they arrive, or merged by event time',
        'arrival',
        choice('arrival', 'event-time'),
      ),
    ),
    checkpoint: needing(
      'fromStream',
      setting('--checkpoint <file>', 'resume from this file, and update it', undefined, output),
    ),
    checkpointInterval: needing(
      'checkpoint',
      setting('--checkpoint-interval <duration>', 'time between two checkpoints', '5s', duration),
    ),
    idleTimeout: needing(
      'fromStream',
      setting(
        '--idle-timeout <duration>',
        'stop after this time without records',
        undefined,
        duration,
      ),
    ),
    reader: needing('fromStream', readerSettings.reader),
    consumerName: readerSettings.consumerName,
    kinesisEndpointUrl,
  }),
  ...worldSettings,
  ...judgeSettings,
  ...abortSettings('p99 < 250ms', 'scoring.response.p99 > 250ms'),
  ...grouped('Output:', {
    out: setting(
      '-o, --out <file>',
      'write verdicts to a file instead of stdout',
      undefined,
      output,
    ),
    output: setting(
      '--output <format>',
      'write verdicts (ndjson) or the report (human, json) to stdout',
      'ndjson',
      choice('ndjson', 'human', 'json'),
    ),
    report,
    progress,
  }),
  ...observedSettings,
};

/** `fraudstream score`. */
export const score: CommandDescription<typeof scoreFlags> = {
  name: 'score',
  summary: 'load-test a scoring endpoint: SageMaker or HTTP',
  description:
    'Scores transactions that are generated, or read from a file or a stream, with a SageMaker ' +
    'endpoint or any HTTP endpoint, as Flink Async I/O does. Writes a verdict for each, with an error ' +
    'where there is no score, and a report.',
  settings: scoreFlags,
  mainFlags: [
    'endpointName',
    'url',
    'local',
    'region',
    'capacity',
    'batchRows',
    'rate',
    'count',
    'duration',
    'input',
    'require',
    'out',
    'output',
    'report',
  ],
  examples: [
    {
      does: 'Score a file with a SageMaker endpoint, 100 transactions per request',
      line: 'fraudstream score --endpoint-name fraud --input day.ndjson --batch-rows 100 > verdicts.ndjson',
    },
    {
      does: 'Send 2000 transactions per second for five minutes, and print the report',
      line: 'fraudstream score --endpoint-name fraud --rate 2k/s --duration 5m --output human',
    },
    {
      does: 'Call an API with its own JSON format',
      line: `fraudstream score --url https://api.example.com/score --content-type application/json --body-template '{"rows":"$rows"}' --score-pointer '/scores/*'`,
    },
    {
      does: 'Score from stream to stream, with checkpoints',
      line: 'fraudstream score --endpoint-name fraud --from-stream transactions --to-stream verdicts --checkpoint engine.checkpoint',
    },
  ],
};
