import { grouped, insteadOf, setting } from '../../../cli/settings/define-setting.ts';
import { type Parser, parser, text } from '../../../cli/settings/parsers.ts';
import { duration, port } from '../../../cli/settings/quantities.ts';
import {
  parseVerdictLocation,
  type VerdictLocation,
  verdictLocationForms,
} from '../../../pipeline-test/verdict-sources/verdict-location.ts';

const verdictSource: Parser<VerdictLocation> = parser(
  verdictLocationForms,
  'sqs:decisions',
  parseVerdictLocation,
);

/** Where verdicts come out of the pipeline under test. */
export const outcomeSettings = grouped('Stream:', {
  verdictStream: setting('--verdict-stream <name>', 'stream of verdicts', 'verdicts', text),
  verdictsFrom: insteadOf(
    'verdictStream',
    setting(
      '--verdicts-from <source>',
      `where verdicts are read: ${verdictLocationForms}`,
      undefined,
      verdictSource,
    ),
  ),
  rejectStream: setting(
    '--reject-stream <name>',
    'stream of dead letters, read as well',
    undefined,
    text,
  ),
});

/** A run while it goes on: as a page, and for Prometheus. */
export const observedSettings = grouped('Output:', {
  live: setting(
    '--live <port>',
    'serve the report on 127.0.0.1 while the run goes on; 0 takes a free port',
    undefined,
    port,
  ),
  metrics: setting(
    '--metrics <port>',
    'serve the figures for Prometheus on 127.0.0.1 at /metrics while the run goes on; 0 takes a free port',
    undefined,
    port,
  ),
});

/** A deployed pipeline that tells its own parts. */
export const stackSetting = grouped('Stream:', {
  stack: insteadOf(
    'stream',
    setting('--stack <name>', 'CloudFormation stack that names all streams', undefined, text),
  ),
});

const NUMBER = 'a number from 0 to 1';
const tolerance: Parser<number> = parser(NUMBER, '1e-6', (written) => {
  const value = Number(written);
  return value >= 0 && value <= 1 ? value : undefined;
});

/** How verdicts are waited for, and what they are compared with. */
export const correlationSettings = grouped('Verdicts:', {
  warmUp: setting('--warm-up <span>', 'leave the beginning out of latencies', '1s', duration),
  lateAfter: setting('--late-after <span>', 'from the put, a verdict is late', '10s', duration),
  drain: setting('--drain <span>', 'wait for verdicts after the last put', '30s', duration),
  listenOn: setting(
    '--listen-on <span>',
    'after the last verdict, for some that come twice',
    '1s',
    duration,
  ),
  forgetAfter: setting(
    '--forget-after <span>',
    'remember a transaction for so long: bounds the memory of a long run',
    '15m',
    duration,
  ),
  parity: setting(
    '--parity <model>',
    'booster that scores are compared with: a file, shipped, none; auto is shipped with --local',
    'auto',
    text,
  ),
  parityTolerance: setting(
    '--parity-tolerance <number>',
    'scores further apart are skewed',
    '1e-6',
    tolerance,
  ),
});
