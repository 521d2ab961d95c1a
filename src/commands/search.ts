import { type Command, command } from './command.ts';
import { engineSettings } from './settings/flink-settings.ts';
import { inputSettings } from './settings/input-settings.ts';
import { list, path, text, url } from './settings/parser.ts';
import { searchReportFile } from './settings/report-settings.ts';
import { correlationSettings, outcomeSettings, stackSetting } from './settings/run-settings.ts';
import { asyncSettings, formSettings, judgeSettings } from './settings/score-settings.ts';
import { searchSettings } from './settings/search-settings.ts';
import { alsoFrom, grouped, setting } from './settings/setting.ts';
import { outputSettings } from './settings/shared.ts';
import { localSettings } from './settings/stream-settings.ts';
import { targetSettings } from './settings/target-settings.ts';
import { worldSettings } from './settings/world-settings.ts';

const { shards, fault } = localSettings;
const { lateAfter, drain, listenOn } = correlationSettings;
const report = setting(
  '--report <file>',
  'also write it by its ending: .json, .html, .xml (JUnit), .md, .csv, .prom, .emf',
  [],
  list(searchReportFile),
);
const { threshold, costMissed, costAlarm } = judgeSettings;

/** `fraudstream search`. */
export const search: Command = command({
  name: 'search',
  summary: 'raise the rate until a limit breaks: capacity, goodput, knee',
  description:
    'Holds one rate after the other against a scoring endpoint or a whole pipeline: twice as much ' +
    'until a condition holds, then the middle again and again. Each rate is tried until most of ' +
    '--repeat tries agree. A rate at which nothing succeeds is always too high; if nothing succeeds ' +
    'at a few records a second either, the search ends. Reports the highest rate that was kept, what ' +
    'came in time there, where waiting begins, and whether this machine was the limit.',
  settings: {
    ...searchSettings,
    ...targetSettings,
    ...grouped('Pipeline:', {
      stream: setting('-s, --stream <name>', 'input stream of a pipeline', undefined, text),
      ...stackSetting,
      ...outcomeSettings,
      kinesisEndpointUrl: alsoFrom(
        setting('--kinesis-endpoint-url <url>', 'Kinesis instead of AWS', undefined, url),
        'AWS_ENDPOINT_URL_KINESIS',
        'AWS_ENDPOINT_URL',
      ),
      lateAfter,
      drain,
      listenOn,
      shards,
      fault,
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
    }),
    ...worldSettings,
    ...grouped('Verdicts:', { threshold, costMissed, costAlarm }),
    ...outputSettings,
    ...grouped('Output:', { report }),
  },
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
  run: async (values, outside) => {
    const { searchValues } = await import('./walks/searching/search-values.ts');
    const walk = await import('./walks/search.ts');
    return walk.search(searchValues(values, outside.env), outside);
  },
});
