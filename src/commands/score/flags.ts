import type { CommandDescription } from '../../cli/command.ts';
import { grouped, insteadOf, needing, setting } from '../../cli/settings/define-setting.ts';
import { choice, list, output, path, text } from '../../cli/settings/parsers.ts';
import { beginning, duration, positiveCount, rateOrMax } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings } from '../shared/flags/input-flags.ts';
import { abortSettings } from '../shared/flags/report-flags.ts';
import { observedSettings } from '../shared/flags/run-flags.ts';
import { asyncSettings, formSettings, judgeSettings } from '../shared/flags/score-flags.ts';
import { verdictStreamSettings } from '../shared/flags/stream-flags.ts';
import { targetSettings } from '../shared/flags/target-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

const { report, progress } = outputSettings;
const { toStream, rejectsStream, kinesisEndpointUrl } = verdictStreamSettings;

/** The flags of `fraudstream score`. */
export const scoreFlags = {
  ...targetSettings,
  ...formSettings,
  ...asyncSettings,
  ...grouped('Pace:', {
    rate: setting('-r, --rate <rate>', 'transactions a second, or max', 'max', rateOrMax),
    count: setting('-n, --count <count>', 'stop after so many', undefined, positiveCount),
    duration: setting('-d, --duration <span>', 'stop after so long', undefined, duration),
    warmUp: setting('--warm-up <span>', 'leave the beginning out of latencies', '1s', duration),
  }),
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
    rejects: setting(
      '--rejects <file>',
      'write what got no score there, with the reason and the transaction',
      undefined,
      output,
    ),
  }),
  ...grouped('Streams:', {
    fromStream: insteadOf(
      'input',
      setting('--from-stream <name>', 'Kinesis stream to read from', undefined, text),
    ),
    toStream,
    rejectsStream,
    from: needing(
      'fromStream',
      setting('--from <where>', 'latest, trim-horizon or an instant', 'trim-horizon', beginning),
    ),
    featureOrder: needing(
      'fromStream',
      setting(
        '--feature-order <order>',
        'handle what comes of several shards as it arrives, or later and merged by event time',
        'arrival',
        choice('arrival', 'event-time'),
      ),
    ),
    checkpoint: needing(
      'fromStream',
      setting('--checkpoint <file>', 'go on where the last run ended', undefined, output),
    ),
    checkpointInterval: needing(
      'checkpoint',
      setting('--checkpoint-interval <span>', 'between two checkpoints', '5s', duration),
    ),
    idleTimeout: needing(
      'fromStream',
      setting('--idle-timeout <span>', 'stop when nothing came for so long', undefined, duration),
    ),
    kinesisEndpointUrl,
  }),
  ...worldSettings,
  ...judgeSettings,
  ...abortSettings('scoring.response.p99 > 250ms'),
  ...grouped('Output:', {
    out: setting('-o, --out <file>', 'verdicts to a file instead of stdout', undefined, output),
    output: setting(
      '--output <form>',
      'stdout: verdicts, or the report as text or JSON',
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
  summary: 'score transactions against an endpoint, many at once',
  description:
    'Scores generated transactions, those of a file, or those of a stream against a SageMaker ' +
    'endpoint or any HTTP endpoint, as Flink does with its Async I/O; writes a verdict for each and ' +
    'a report. Whatever gets no score is a verdict with an error: nothing is lost.',
  settings: scoreFlags,
  examples: [
    {
      does: 'A file against a SageMaker endpoint, 100 transactions a request',
      line: 'fraudstream score --endpoint-name fraud --input day.ndjson --batch-rows 100 > verdicts.ndjson',
    },
    {
      does: 'Load: 2000 transactions a second for five minutes, the report alone',
      line: 'fraudstream score --endpoint-name fraud --rate 2k/s --duration 5m --output human',
    },
    {
      does: 'An API that takes JSON of its own form',
      line: `fraudstream score --url https://api.example.com/score --content-type application/json --body-template '{"rows":"$rows"}' --score-pointer '/scores/*'`,
    },
    {
      does: 'The engine of a pipeline: stream to stream, to be killed and started again',
      line: 'fraudstream score --endpoint-name fraud --from-stream transactions --to-stream verdicts --checkpoint engine.checkpoint',
    },
  ],
};
