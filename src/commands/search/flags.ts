import { alwaysTooHigh } from '../../capacity/conditions.ts';
import type { CommandDescription } from '../../cli/command.ts';
import { grouped, insteadOf, setting, sharingFlag } from '../../cli/settings/define-setting.ts';
import { choice, list, path, text } from '../../cli/settings/parsers.ts';
import { duration, positiveCount, rate, share } from '../../cli/settings/quantities.ts';
import { kinesisEndpointUrl, outputSettings } from '../shared/flags/common-flags.ts';
import { inputSettings, orderSettings } from '../shared/flags/input-flags.ts';
import { engineSettings } from '../shared/flags/local-service-flags.ts';
import { inOrder, producerSettings } from '../shared/flags/producer-flags.ts';
import { searchReportFile, thresholdSettings } from '../shared/flags/report-flags.ts';
import {
  correlationSettings,
  observedSettings,
  outcomeSettings,
  stackSetting,
  verdictReaderSettings,
} from '../shared/flags/run-flags.ts';
import { asyncSettings, formSettings, judgeSettings } from '../shared/flags/score-flags.ts';
import { localSettings, requestSettings, streamSettings } from '../shared/flags/stream-flags.ts';
import { targetSettings } from '../shared/flags/target-flags.ts';
import { worldSettings } from '../shared/flags/world-flags.ts';

const conditions = thresholdSettings('p99 < 100ms', 'probe.response.p99 >= 100ms');
const always = alwaysTooHigh.map(({ condition }) => condition).join(' or ');

/** Where a capacity is sought, and when a rate is too high. */
export const searchSettings = grouped('Search:', {
  through: setting(
    '--through <target>',
    'test an endpoint, or a whole pipeline (default with --stream and --stack)',
    undefined,
    choice('endpoint', 'pipeline'),
  ),
  require: {
    ...conditions.require,
    meaning: 'a rate is too high unless this is true, such as "p99 < 100ms"',
  },
  failIf: {
    ...conditions.failIf,
    meaning: `a rate is too high if this is true, and always if ${always}`,
  },
  fromRate: setting('--from-rate <rate>', 'first rate to try', '100/s', rate),
  toRate: setting('--to-rate <rate>', 'highest rate to try', '100k/s', rate),
  precision: setting('--precision <share>', 'precision of the result', '2%', share),
  stepBy: insteadOf(
    'precision',
    setting(
      '--step-by <rate>',
      'raise the rate in steps of this instead of bisecting',
      undefined,
      rate,
    ),
  ),
  step: setting(
    '--step <duration>',
    'time to probe each rate; up to 60s if a condition needs more samples',
    '5s',
    duration,
  ),
  settle: setting('--settle <duration>', 'exclude this first part of each probe', '2s', duration),
  repeat: setting(
    '--repeat <count>',
    'maximum trials of each rate; the majority decides',
    3,
    positiveCount,
  ),
  goodWithin: setting(
    '--good-within <duration>',
    'count responses within this time as goodput',
    '1s',
    duration,
  ),
});

const { shards, fault } = localSettings;
const { lateAfter, drain, listenOn } = correlationSettings;
const report = setting(
  '--report <file>',
  'write the report to a file: .json, .html, .xml (JUnit), .md, .csv, .prom, .emf',
  [],
  list(searchReportFile),
);
const { threshold, costMissed, costAlarm } = judgeSettings;

/** The flags of `fraudstream search`. */
export const searchFlags = {
  ...searchSettings,
  ...targetSettings,
  ...grouped('Pipeline:', {
    stream: setting('-s, --stream <name>', 'input stream of the pipeline', undefined, text),
    ...stackSetting,
    ...outcomeSettings,
    ...verdictReaderSettings,
    kinesisEndpointUrl,
    lateAfter,
    drain,
    listenOn,
    shards,
    fault,
    maxConnections: requestSettings.maxConnections,
    // The streams of a pipeline have defaults of their own.
    pipelineStream: sharingFlag('stream', streamSettings.stream),
    scoringOrdered: sharingFlag('ordered', asyncSettings.ordered),
    streamRequestTimeout: sharingFlag('requestTimeout', requestSettings.requestTimeout),
    streamConnectTimeout: sharingFlag('connectTimeout', requestSettings.connectTimeout),
  }),
  ...grouped('Local endpoint:', engineSettings),
  ...formSettings,
  ...asyncSettings,
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
  summary: 'find the capacity of an endpoint or a pipeline',
  description:
    'Probes a scoring endpoint or a whole pipeline at rising rates: doubles the rate until it is too ' +
    'high, then bisects. Each rate is tried until the majority of --repeat trials agrees. Reports the ' +
    'capacity, the goodput at it, the knee of the latency curve, and whether this machine was the limit.',
  settings: searchFlags,
  mainFlags: [
    'through',
    'endpointName',
    'url',
    'stream',
    'stack',
    'local',
    'region',
    'require',
    'fromRate',
    'toRate',
    'precision',
    'step',
    'output',
    'report',
  ],
  examples: [
    {
      does: 'Find the capacity of an endpoint',
      line: 'fraudstream search --endpoint-name fraud --from-rate 500/s',
    },
    {
      does: 'Find the highest rate with p99 below 100 ms',
      line: 'fraudstream search --url https://api.example.com/score --require "p99 < 100ms"',
    },
    {
      does: 'Find the capacity of a pipeline',
      line: 'fraudstream search --stack fraudstream --step 30s --settle 10s',
    },
  ],
};
