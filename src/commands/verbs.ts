import type { Command } from './command.ts';
import { completion } from './completion.ts';
import { consume } from './consume.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { features } from './features.ts';
import { generate } from './generate.ts';
import { produce } from './produce.ts';
import { record } from './record.ts';
import { replay } from './replay.ts';
import { report } from './report.ts';
import { run } from './run.ts';
import { score } from './score.ts';
import { search } from './search.ts';
import { up } from './up.ts';
import { validate } from './validate.ts';

const walks: readonly Command[] = [
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
export const verbs: readonly Command[] = [...walks, completion(walks)];
