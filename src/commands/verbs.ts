import type { Command } from './command.ts';
import { consume } from './consume.ts';
import { demo } from './demo.ts';
import { doctor } from './doctor.ts';
import { generate } from './generate.ts';
import { produce } from './produce.ts';
import { up } from './up.ts';

/** Every verb, in the order of the help. */
export const verbs: readonly Command[] = [demo, generate, produce, consume, up, doctor];
