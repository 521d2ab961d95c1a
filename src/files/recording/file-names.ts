import { access, constants, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FraudstreamError, messageOf } from '../../errors.ts';
import { PARTIAL } from '../../storage/output-file.ts';

/** Names of files to be written, one after the other; none is a file that is there. */
export interface FileNames {
  next(): string;
  /** Files that an earlier run was writing when it was killed. */
  readonly unfinished: readonly string[];
}

/** `day.ndjson.gz` in its parts: `day`, `.ndjson`, `.gz`. */
const PARTS = /^(.*?)(\.(?:ndjson|jsonl|json))?(\.gz)?$/s;
const DIGITS = 5;

/**
 * The one name of a file that is not there yet; a pipe or a device may be.
 *
 * Errors: `usage` when the file is there, whole or unfinished, or its folder cannot be written.
 */
export async function oneName(path: string): Promise<FileNames> {
  await checkFolder(path);
  await checkFree(path);
  const partial = await stat(path + PARTIAL).catch(() => undefined);
  if (partial) {
    throw new FraudstreamError(
      'usage',
      `${path}${PARTIAL} exists: another recorder is writing it, or was killed. If none is running, move or delete the file.`,
    );
  }
  return { next: () => path, unfinished: [] };
}

/**
 * Numbered names: of `day.ndjson.gz` they are `day-00001.ndjson.gz` and so on.
 *
 * Numbers go on after the highest that is there, whole or unfinished.
 * Errors: `usage` when the folder cannot be written.
 */
export async function numberedNames(path: string): Promise<FileNames> {
  await checkFolder(path);
  const folder = dirname(path);
  const [, base = '', ending = '', zip = ''] = PARTS.exec(basename(path)) ?? [];
  const numbers: number[] = [];
  const unfinished: string[] = [];
  for (const name of await readdir(folder)) {
    const isPartial = name.endsWith(PARTIAL);
    const whole = isPartial ? name.slice(0, -PARTIAL.length) : name;
    if (!whole.startsWith(`${base}-`) || !whole.endsWith(ending + zip)) continue;
    const digits = whole.slice(base.length + 1, whole.length - (ending + zip).length);
    if (!/^\d{5,}$/.test(digits)) continue;
    numbers.push(Number(digits));
    if (isPartial) unfinished.push(join(folder, name));
  }
  let last = Math.max(0, ...numbers);
  const next = (): string => {
    last += 1;
    return join(folder, `${base}-${String(last).padStart(DIGITS, '0')}${ending}${zip}`);
  };
  return { next, unfinished: unfinished.sort() };
}

/** Errors: `usage` when a file of that name is there. */
export async function checkFree(path: string): Promise<void> {
  const known = await stat(path).catch(() => undefined);
  if (known?.isFile()) {
    throw new FraudstreamError(
      'usage',
      `${path} exists, and a recording does not overwrite files. Give another name, delete the file, or write numbered files with --rotate-size or --rotate-time.`,
    );
  }
}

async function checkFolder(path: string): Promise<void> {
  try {
    await access(dirname(path), constants.W_OK);
  } catch (cause) {
    const reason = messageOf(cause);
    throw new FraudstreamError('usage', `${path} cannot be written: ${reason}.`, { cause });
  }
}
