import { choice, pairs, text, yesNo } from './parser.ts';
import { grouped, needing, type Setting, setting } from './setting.ts';

const flinkOption: Setting<ReadonlyMap<string, string>> = setting(
  '--flink-option <name:value>',
  'setting of the job, such as order:ordered; see pipeline/flink/README.md',
  [],
  pairs(text, 'order:ordered'),
);

/** The Flink job on this machine. */
export const flinkSettings: {
  readonly flink: Setting<boolean>;
  readonly flinkOption: Setting<ReadonlyMap<string, string>>;
} = grouped('Flink:', {
  flink: setting(
    '--flink',
    'run the Flink job between them, from the first stream to verdicts and rejects; needs a JDK 17',
    false,
    yesNo,
  ),
  flinkOption,
});

/** What scores in a pipeline of this machine. */
export const engineSettings: {
  readonly engine: Setting<'own' | 'flink'>;
  readonly flinkOption: Setting<ReadonlyMap<string, string>>;
} = {
  engine: needing(
    'local',
    setting(
      '--engine <kind>',
      'our own engine, or flink: the Flink job on this machine (JDK 17)',
      'own',
      choice('own', 'flink'),
    ),
  ),
  flinkOption: needing('engine', flinkOption),
};
