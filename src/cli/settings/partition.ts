import { FraudstreamError } from '../../errors.ts';
import { type Parser, parser } from './parsers.ts';

/** There are 64 virtual shards to be dealt out. */
const MOST = 64;
/** Stands for a number that is not known. */
const UNKNOWN = '?';

/** A slice of a world, counted from 1: 1/3, 2/3, 3/3. */
export const partition: Parser<{ readonly index: number; readonly of: number }> = parser(
  `a slice such as 1/3, 2/3 or 3/3 (at most ${MOST} slices)`,
  '1/3',
  (text) => {
    if (text.endsWith(UNKNOWN)) throw unknownCount(text);
    const [, ordinal, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
    const [index, of] = [Number(ordinal) - 1, Number(count)];
    return index >= 0 && index < of && of <= MOST ? { index, of } : undefined;
  },
);

/** The variables by which runners of jobs number their tasks from 0, and those with the number of tasks. */
const runners: readonly (readonly [string, string])[] = [
  ['AWS_BATCH_JOB_ARRAY_INDEX', 'AWS_BATCH_JOB_ARRAY_SIZE'],
  // Kubernetes does not give the number: the manifest sets it beside spec.completions.
  ['JOB_COMPLETION_INDEX', 'JOB_COMPLETIONS'],
];

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The environment with the slice of a task of an AWS Batch array job or a Kubernetes indexed Job as
 * `FRAUDSTREAM_PARTITION`, unless that is set.
 */
export function withPartition(env: Env): Env {
  if (env.FRAUDSTREAM_PARTITION) return env;
  for (const [index, count] of runners) {
    if (!env[index]) continue;
    return { ...env, FRAUDSTREAM_PARTITION: `${Number(env[index]) + 1}/${env[count] || UNKNOWN}` };
  }
  return env;
}

/** Tasks that all made the whole world would put every transaction so many times. */
function unknownCount(text: string): FraudstreamError {
  const message = `this is task ${text.split('/')[0]} of a Kubernetes indexed Job, but the number of tasks is not set. Set JOB_COMPLETIONS to its spec.completions, or give --partition`;
  return new FraudstreamError('bad-config', message);
}
