import { lstat, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FraudstreamError } from '../../errors.ts';
import { namingFile } from '../../storage/output-file.ts';

/** A file that is to be made, by its path within a folder. */
export interface NewFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Writes files that do not exist yet; gives their paths.
 *
 * Errors: `usage` for one that exists, and then none is written, and for one that cannot be written.
 */
export async function writeNewFiles(
  folder: string,
  files: readonly NewFile[],
): Promise<readonly string[]> {
  await checkNew(
    folder,
    files.map(({ path }) => path),
  );
  const paths = files.map(({ path }) => join(folder, path));
  for (const [index, { text }] of files.entries()) {
    const path = paths[index] as string;
    await namingFile(path, mkdir(dirname(path), { recursive: true }));
    const file = await namingFile(path, openNew(path));
    try {
      await namingFile(path, file.writeFile(text));
    } finally {
      await file.close();
    }
  }
  return paths;
}

/** Errors: `usage` for a file that exists. */
export async function checkNew(folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (await isThere(join(folder, path))) throw exists(join(folder, path));
  }
}

async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/** Exclusive: the file is made here or not at all. */
const openNew = (path: string): ReturnType<typeof open> => open(path, 'wx');

function exists(path: string): FraudstreamError {
  const message = `${path} exists, and is not overwritten: move it away, or give another folder with --out.`;
  return new FraudstreamError('usage', message);
}
