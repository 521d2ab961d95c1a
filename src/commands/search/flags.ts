import { alwaysTooHigh } from '../../capacity/conditions.ts';
import type { CommandDescription } from '../../cli/command.ts';
import { grouped, insteadOf, setting, sharingFlag } from '../../cli/settings/define-setting.ts';
import { choice, list, path, text } from '../../cli/settings/parsers.ts';
import { duration, positiveCount, rate, share } from '../../cli/settings/quantities.ts';
import { outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings } from '../shared/flags/input-flags.ts';
import { engineSettings } from '../shared/flags/local-service-flags.ts';
import { inOrder, producerSettings } from '../shared/flags/producer-flags.ts';
import { failSettings, searchReportFile } from '../shared/flags/report-flags.ts';
import {
  correlationSettings,
  observedSettings,
  outcomeSettings,
  stackSetting,
} from '../shared/flags/run-flags.ts';
import { asyncSettings, formSettings, judgeSettings } from '../shared/flags/score-flags.ts';
import {
  localSettings,
  requestSettings,
  streamSettings,
  verdictStreamSettings,
} from '../shared/flags/stream-flags.ts';
import { targetSettings } from '../shared/flags/target-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

const always = alwaysTooHigh.map(({ condition }) => condition).join(' or ');

/** Where a capacity is sought, and when a rate is too high. */
export const searchSettings = grouped('Search:', {
  through: setting(
    '--through <what>',
    'endpoint, or a whole pipeline (default with --stream and --stack)',
    undefined,
    choice('endpoint', 'pipeline'),
  ),
  failIf: {
    ...failSettings('probe.response.p99 >= 100ms').failIf,
    meaning: `a rate is too high when this is true, and always when ${always}`,
  },
  fromRate: setting('--from-rate <rate>', 'the first one tried', '100/s', rate),
  toRate: setting('--to-rate <rate>', 'no higher than that', '100k/s', rate),
  precision: setting('--precision <share>', 'how near the answer is to be', '2%', share),
  stepBy: insteadOf(
    'precision',
    setting('--step-by <rate>', 'rise by so much each time instead of halving', undefined, rate),
  ),
  step: setting(
    '--step <span>',
    'how long each rate is probed; longer, up to 60s, where a condition needs more samples',
    '5s',
    duration,
  ),
  settle: setting('--settle <span>', 'beginning of each that does not count', '2s', duration),
  repeat: setting(
    '--repeat <count>',
    'tries of each rate, of which most must agree',
    3,
    positiveCount,
  ),
  goodWithin: setting('--good-within <span>', 'an answer in time', '1s', duration),
});

const { shards, fault } = localSettings;
const { lateAfter, drain, listenOn } = correlationSettings;
const report = setting(
  '--report <file>',
  'also write it by its ending: .json, .html, .xml (JUnit), .md, .csv, .prom, .emf',
  [],
  list(searchReportFile),
);
const { threshold, costMissed, costAlarm } = judgeSettings;

/** The flags of `fraudstream search`. */
export const searchFlags = {
  ...searchSettings,
  ...targetSettings,
  ...grouped('Pipeline:', {
    stream: setting('-s, --stream <name>', 'input stream of a pipeline', undefined, text),
    ...stackSetting,
    ...outcomeSettings,
    kinesisEndpointUrl: verdictStreamSettings.kinesisEndpointUrl,
    lateAfter,
    drain,
    listenOn,
    shards,
    fault,
    maxConnections: requestSettings.maxConnections,
    // The streams of a pipeline have defaults of their own.
    pipelineStream: sharingFlag('stream', streamSettings.stream),
    streamRequestTimeout: sharingFlag('requestTimeout', requestSettings.requestTimeout),
    streamConnectTimeout: sharingFlag('connectTimeout', requestSettings.connectTimeout),
  }),
  ...grouped('Local endpoint:', engineSettings),
  ...formSettings,
  ...asyncSettings,
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
  ...producerSettings,
  ordered: inOrder,
  ...worldSettings,
  ...grouped('Verdicts:', { threshold, costMissed, costAlarm }),
  ...outputSettings,
  ...observedSettings,
  ...grouped('Output:', { report }),
};

/** `fraudstream search`. */
export const search: CommandDescription<typeof searchFlags> = {
  name: 'search',
  summary: 'raise the rate until a limit breaks: capacity, goodput, knee',
  description:
    'Probes one rate after the other against a scoring endpoint or a whole pipeline: twice as much ' +
    'until a condition is true, then bisects. Each rate is tried until most of ' +
    '--repeat tries agree. A rate at which nothing succeeds is always too high; if nothing succeeds ' +
    'at a few records a second either, the search ends. Reports the highest rate that was kept, what ' +
    'came in time there, where waiting begins, and whether this machine was the limit.',
  settings: searchFlags,
  examples: [
    {
      does: 'What does the endpoint take?',
      line: 'fraudstream search --endpoint-name fraud --from-rate 500/s',
    },
    {
      does: 'Until one in a hundred waits longer than 100 ms',
      line: 'fraudstream search --url https://api.example.com/score --fail-if "probe.response.p99 >= 100ms"',
    },
    {
      does: 'A whole pipeline',
      line: 'fraudstream search --stack fraudstream --step 30s --settle 10s',
    },
  ],
};
