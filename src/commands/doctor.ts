import { type Command, command } from './command.ts';
import { outputSettings } from './settings/shared.ts';
import { streamSettings } from './settings/stream-settings.ts';

/** `fraudstream doctor`. */
export const doctor: Command = command({
  name: 'doctor',
  summary: 'check credentials, region, stream, shards, clock and file limits',
  description:
    'Looks at everything a run needs, says what it found, and what to do about the rest.',
  settings: { ...streamSettings, output: outputSettings.output },
  examples: [
    {
      does: 'Before a load test',
      line: 'fraudstream doctor --stream transactions --region eu-west-1',
    },
  ],
  run: async (values, outside) => (await import('./walks/doctor.ts')).doctor(values, outside),
});
