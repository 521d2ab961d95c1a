import { pairs, text, yesNo } from './parser.ts';
import { grouped, type Setting, setting } from './setting.ts';

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
  flinkOption: setting(
    '--flink-option <name:value>',
    'setting of the job, such as order:ordered; see pipeline/flink/README.md',
    [],
    pairs(text, 'order:ordered'),
  ),
});
