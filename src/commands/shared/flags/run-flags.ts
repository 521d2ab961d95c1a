import { formerly, grouped, insteadOf, setting } from '../../../cli/settings/define-setting.ts';
import { type Parser, parser, text, url } from '../../../cli/settings/parsers.ts';
import { duration, port } from '../../../cli/settings/quantities.ts';
import {
  parseVerdictLocation,
  type VerdictLocation,
  verdictLocationForms,
} from '../../../pipeline-test/verdict-sources/verdict-location.ts';
import { readerSettings } from './reading-flags.ts';

const verdictSource: Parser<VerdictLocation> = parser(
  verdictLocationForms,
  'sqs:decisions',
  parseVerdictLocation,
);

/** The stream of dead letters: of transactions that got no verdict. */
export const rejectStream = formerly(
  '--rejects-stream <name>',
  setting('--reject-stream <name>', 'Kinesis stream of dead letters', undefined, text),
);

/** Where verdicts come out of the pipeline under test. */
export const outcomeSettings = grouped('Stream:', {
  verdictStream: setting('--verdict-stream <name>', 'Kinesis stream of verdicts', 'verdicts', text),
  verdictsFrom: insteadOf(
    'verdictStream',
    setting(
      '--verdicts-from <source>',
      `where to read verdicts: ${verdictLocationForms}`,
      undefined,
      verdictSource,
    ),
  ),
  rejectStream,
  rejectsFrom: insteadOf(
    'rejectStream',
    setting(
      '--rejects-from <source>',
      `where to read dead letters: ${verdictLocationForms}`,
      undefined,
      verdictSource,
    ),
  ),
});

/** How verdicts and dead letters of Kinesis streams are read. */
export const verdictReaderSettings = grouped('Stream:', readerSettings);

/** A run while it goes on: as a page, for Prometheus, and for an OpenTelemetry collector. */
export const observedSettings = grouped('Output:', {
  live: setting(
    '--live <port>',
    'serve the report on 127.0.0.1 during the run; 0 picks a free port',
    undefined,
    port,
  ),
  metrics: setting(
    '--metrics <port>',
    'serve the figures for Prometheus on 127.0.0.1 at /metrics during the run; 0 picks a free port',
    undefined,
    port,
  ),
  otlp: setting(
    '--otlp <url>',
    'push the figures to this OpenTelemetry collector; default: OTEL_EXPORTER_OTLP_ENDPOINT',
    undefined,
    url,
  ),
});

/** A deployed pipeline whose stack outputs name its parts. */
export const stackSetting = grouped('Stream:', {
  stack: insteadOf(
    'stream',
    setting(
      '--stack <name>',
      'CloudFormation stack whose outputs name the streams',
      undefined,
      text,
    ),
  ),
});

const NUMBER = 'a number from 0 to 1';
const tolerance: Parser<number> = parser(NUMBER, '1e-6', (written) => {
  const value = Number(written);
  return value >= 0 && value <= 1 ? value : undefined;
});

/** How long to wait for verdicts, and what to compare them with. */
export const correlationSettings = grouped('Verdicts:', {
  warmUp: setting('--warm-up <duration>', 'exclude this first part from latencies', '1s', duration),
  lateAfter: setting(
    '--late-after <duration>',
    'count verdicts later than this as late',
    '10s',
    duration,
  ),
  drain: setting(
    '--drain <duration>',
    'wait this long for verdicts after the last put',
    '30s',
    duration,
  ),
  listenOn: setting(
    '--listen-on <duration>',
    'read on for duplicates after the last verdict',
    '1s',
    duration,
  ),
  forgetAfter: setting(
    '--forget-after <duration>',
    'forget a transaction after this time, which bounds memory',
    '15m',
    duration,
  ),
  parity: setting(
    '--parity <model>',
    'booster to compare scores with: a file, shipped or none; auto: that of --local',
    'auto',
    text,
  ),
  parityTolerance: setting(
    '--parity-tolerance <number>',
    'count scores that differ by more as skewed',
    '1e-6',
    tolerance,
  ),
});
