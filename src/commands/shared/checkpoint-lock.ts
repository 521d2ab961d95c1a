import type { Runtime } from '../../cli/runtime.ts';
import { lockFile } from '../../storage/file-lock.ts';
import { removeDrafts } from '../../storage/output-file.ts';

/**
 * Works while no other process can use the checkpoint of the flags, if they name one.
 *
 * Errors: those of `lockFile`, and those of the work.
 */
export async function withCheckpointLock<T>(
  path: string | undefined,
  { clock, processes }: Pick<Runtime, 'clock' | 'processes'>,
  work: () => Promise<T>,
): Promise<T> {
  if (path === undefined) return work();
  const lock = await lockFile(path, { clock, processes });
  try {
    // Whoever wrote these has been killed.
    await removeDrafts(path);
    return await work();
  } finally {
    await lock.release();
  }
}
