import type { Command } from '../cli/command.ts';
import { completion } from './completion/flags.ts';
import { consume } from './consume/flags.ts';
import { demo } from './demo/flags.ts';
import { doctor } from './doctor/flags.ts';
import { features } from './features/flags.ts';
import { generate } from './generate/flags.ts';
import { produce } from './produce/flags.ts';
import { record } from './record/flags.ts';
import { replay } from './replay/flags.ts';
import { report } from './report/flags.ts';
import { run } from './run/flags.ts';
import { score } from './score/flags.ts';
import { search } from './search/flags.ts';
import { up } from './up/flags.ts';
import { validate } from './validate/flags.ts';

const loaders: readonly Command[] = [
  demo,
  generate,
  produce,
  replay,
  consume,
  features,
  score,
  run,
  search,
  report,
  record,
  validate,
  up,
  doctor,
];

/** Every verb, in the order of the help. */
export const commands: readonly Command[] = [...loaders, completion(loaders)];
