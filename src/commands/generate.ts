import { type Command, command } from './command.ts';
import { choice, path } from './settings/parser.ts';
import { positiveCount } from './settings/quantity.ts';
import { grouped, setting } from './settings/setting.ts';
import { worldSettings } from './settings/world-settings.ts';

/** `fraudstream generate`. */
export const generate: Command = command({
  name: 'generate',
  summary: 'write generated transactions to stdout or a file',
  description:
    'Writes card transactions of a generated world, one JSON object a line, by event time.',
  settings: {
    ...grouped('Output:', {
      count: setting('-n, --count <count>', 'how many', '1000', positiveCount),
      out: setting('-o, --out <file>', 'file instead of stdout', undefined, path),
      labels: setting(
        '--labels <where>',
        'the truth about fraud: none, inline, or sidecar (a file beside --out)',
        'none',
        choice('none', 'inline', 'sidecar'),
      ),
    }),
    ...worldSettings,
  },
  examples: [
    { does: 'A look at some', line: 'fraudstream generate --count 3 --seed 1' },
    {
      does: 'A fixture with its labels in day.labels.ndjson',
      line: 'fraudstream generate --count 100k --seed 7 --out day.ndjson --labels sidecar',
    },
  ],
  run: async (values, outside) => (await import('./walks/generate.ts')).generate(values, outside),
});
