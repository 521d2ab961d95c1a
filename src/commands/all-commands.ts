import { type Command, command } from '../cli/command.ts';
import { completion } from './completion/flags.ts';
import { consume } from './consume/flags.ts';
import { demo } from './demo/flags.ts';
import { doctor } from './doctor/flags.ts';
import { features } from './features/flags.ts';
import { generate } from './generate/flags.ts';
import { init } from './init/flags.ts';
import { produce } from './produce/flags.ts';
import { record } from './record/flags.ts';
import { replay } from './replay/flags.ts';
import { report } from './report/flags.ts';
import { run } from './run/flags.ts';
import { score } from './score/flags.ts';
import { search } from './search/flags.ts';
import { up } from './up/flags.ts';
import { validate } from './validate/flags.ts';

const described: readonly Command[] = [
  command(demo, async (values, runtime) => (await import('./demo/run.ts')).demo(values, runtime)),
  command(init, async (values, runtime) => (await import('./init/run.ts')).init(values, runtime)),
  command(generate, async (values, runtime) => {
    if (values.stats) return (await import('./generate/stats.ts')).generateStats(values, runtime);
    return (await import('./generate/run.ts')).generate(values, runtime);
  }),
  command(produce, async (values, runtime) =>
    (await import('./produce/run.ts')).produce(values, runtime),
  ),
  command(replay, async (values, runtime) =>
    (await import('./replay/run.ts')).replay(values, runtime),
  ),
  command(consume, async (values, runtime) =>
    (await import('./consume/run.ts')).consume(values, runtime),
  ),
  command(features, async (values, runtime) =>
    (await import('./features/run.ts')).features(values, runtime),
  ),
  command(score, async (values, runtime) =>
    (await import('./score/run.ts')).score(values, runtime),
  ),
  command(run, async (values, runtime) => {
    return (await import('./run/run.ts')).run(values, runtime);
  }),
  command(search, async (values, runtime) => {
    return (await import('./search/run.ts')).search(values, runtime);
  }),
  command(report, async (values, runtime) =>
    (await import('./report/run.ts')).report(values, runtime),
  ),
  command(record, async (values, runtime) =>
    (await import('./record/run.ts')).record(values, runtime),
  ),
  command(validate, async (values, runtime) =>
    (await import('./validate/run.ts')).validate(values, runtime),
  ),
  command(up, async (values, runtime) => (await import('./up/run.ts')).up(values, runtime)),
  command(doctor, async (values, runtime) =>
    (await import('./doctor/run.ts')).doctor(values, runtime),
  ),
];

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [...described, completion(described)];
