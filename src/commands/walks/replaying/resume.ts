import { fingerprint } from '../../../files/replay/fingerprint.ts';
import { ReplayCheckpoint } from '../../../files/replay/replay-checkpoint.ts';
import { FraudstreamError } from '../../../fraudstream-error.ts';
import { count } from '../../../reporting/format.ts';
import type { Outside } from '../../outside.ts';
import type { Input, InputValues } from '../sources/input.ts';
import type { RecordValues } from './chosen-records.ts';

/** What the flags say about going on after a crash. */
export interface ResumeValues {
  readonly checkpoint: string | undefined;
  readonly resume: boolean;
}

/**
 * The checkpoint of the flags, if there is to be one.
 *
 * Errors: `usage` for stdin, which cannot be read again; those of `ReplayCheckpoint.open`.
 */
export async function openReplayCheckpoint(
  input: Input,
  values: ResumeValues & RecordValues & InputValues & { readonly files: readonly string[] },
  outside: Outside,
): Promise<ReplayCheckpoint | undefined> {
  if (values.checkpoint === undefined) return undefined;
  if (values.files.includes('-')) {
    const message = 'stdin cannot be read again, so it needs no --checkpoint: name a file.';
    throw new FraudstreamError('usage', message);
  }
  // All that decides which records leave in which order.
  const { format, by, from, until, sort, sortWindow, limit, loop, timeShift } = values;
  const filter = values.filter.map(({ text }) => text);
  const settings = { format, by, from, until, sort, sortWindow, limit, loop, timeShift, filter };
  const { mapping, paths, means } = input;
  const print = await fingerprint(paths, { ...settings, mapping }, means);
  return ReplayCheckpoint.open(values.checkpoint, print, values.resume, outside.clock);
}

/** Says from where a replay goes on, if it does. */
export async function tellResumed(
  { resumedAt, mayRepeat }: ReplayCheckpoint,
  { err }: Pick<Outside, 'err'>,
): Promise<void> {
  if (resumedAt === 0 && mayRepeat === 0) return;
  const repeats =
    mayRepeat > 0 ? `; up to ${count(mayRepeat)} more may be in the stream twice` : '';
  await err.print(`Resuming: ${count(resumedAt)} records were acknowledged${repeats}`);
}
