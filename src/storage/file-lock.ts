import { open, readFile, realpath, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { FraudstreamError } from '../errors.ts';
import type { Clock } from '../stream/clock.ts';
import { namingFile } from './output-file.ts';
import type { Processes, ProcessIdentity } from './process-identity.ts';

/** The owner shows this often that it is alive, for those that cannot see its process. */
const REFRESH_MS = 10_000;
/** A lock of another machine that was not refreshed for so long belongs to nobody. */
const ABANDONED_MS = 60_000;
/** A lock is written right after it was made; one that stays empty was left by a crash. */
const TRIES_TO_READ = 10;
const BETWEEN_TRIES_MS = 100;

/** A file that is ours until `release`, or until the process ends, however it ends. */
export interface FileLock {
  release(): Promise<void>;
}

/** What a lock needs from outside. */
export interface LockDependencies {
  readonly clock: Clock;
  readonly processes: Processes;
}

interface Owner extends ProcessIdentity {
  /** When it took the lock, as ISO 8601. */
  readonly since: string;
}

/**
 * Makes sure that no other process uses the file: `PATH.lock` beside it names the owner.
 *
 * A lock whose owner has ended is taken over. Whether it has is seen by its number and the time of
 * its start. An owner on another machine or in another container cannot be seen: its lock counts as
 * long as it is refreshed.
 * Errors: `usage` when another process has it, or when the lock cannot be written.
 */
export async function lockFile(
  path: string,
  { clock, processes }: LockDependencies,
): Promise<FileLock> {
  const lockPath = `${await targetOf(path)}.lock`;
  const owner: Owner = { ...processes.own, since: new Date(clock.now()).toISOString() };
  const text = `${JSON.stringify(owner)}\n`;
  while (!(await isCreated(lockPath, text))) {
    const found = await textOf(lockPath, clock);
    if (found === undefined) continue;
    const other = ownerIn(found);
    if (other && (await isInUse(other, lockPath, clock, processes))) throw inUse(path, other);
    await removeStale(lockPath, found);
  }
  const ended = new AbortController();
  void refresh(lockPath, clock, ended.signal);
  return {
    release: async () => {
      ended.abort();
      const found = await readFile(lockPath, 'utf8').catch(() => undefined);
      if (found === text) await rm(lockPath, { force: true });
    },
  };
}

/** Two names of one file have one lock. */
async function targetOf(path: string): Promise<string> {
  const target = await realpath(path).catch(() => undefined);
  if (target !== undefined) return target;
  const folder = await realpath(dirname(path)).catch(() => dirname(path));
  return join(folder, basename(path));
}

async function isCreated(lockPath: string, text: string): Promise<boolean> {
  try {
    const file = await open(lockPath, 'wx');
    try {
      await namingFile(lockPath, file.writeFile(text));
    } catch (error) {
      await rm(lockPath, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if (error instanceof FraudstreamError) throw error;
    return namingFile(lockPath, Promise.reject(error));
  }
}

/** What a lock says; `undefined` when it has gone. */
async function textOf(lockPath: string, clock: Clock): Promise<string | undefined> {
  let text = '';
  for (let tried = 0; tried < TRIES_TO_READ && !text.endsWith('\n'); tried += 1) {
    if (tried > 0) await clock.sleep(BETWEEN_TRIES_MS);
    try {
      text = await readFile(lockPath, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      return namingFile(lockPath, Promise.reject(error));
    }
  }
  return text;
}

/** The owner that a lock names; none in one that was cut off, or is of something else. */
function ownerIn(text: string): Owner | undefined {
  try {
    const owner: Readonly<Record<string, unknown>> = Object(JSON.parse(text));
    const { pid, startedAt, host, boot, namespace, since } = owner;
    const texts = [startedAt, host, boot, namespace, since];
    const isOwner = Number.isInteger(pid) && (pid as number) > 0;
    return isOwner && texts.every((each) => typeof each === 'string')
      ? (owner as unknown as Owner)
      : undefined;
  } catch {
    // Not JSON: nobody's.
    return undefined;
  }
}

async function isInUse(
  other: Owner,
  lockPath: string,
  clock: Clock,
  { own, startOf }: Processes,
): Promise<boolean> {
  const isSameHost = other.host === own.host;
  if (isSameHost && other.boot !== own.boot) return false;
  if (isSameHost && other.namespace === own.namespace) {
    const startedAt = startOf(other.pid);
    if (startedAt === undefined) return false;
    return startedAt === '' || other.startedAt === '' || startedAt === other.startedAt;
  }
  const seen = await stat(lockPath).catch(() => undefined);
  return seen !== undefined && clock.now() - seen.mtimeMs < ABANDONED_MS;
}

/** Removes a lock if it still says what was found: of two who take it over one may be quicker. */
async function removeStale(lockPath: string, found: string): Promise<void> {
  const aside = `${lockPath}.stale`;
  try {
    await rename(lockPath, aside);
    const moved = await readFile(aside, 'utf8');
    if (moved === found) await rm(aside, { force: true });
    else await rename(aside, lockPath);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      await namingFile(lockPath, Promise.reject(error));
    }
  }
}

async function refresh(lockPath: string, clock: Clock, ended: AbortSignal): Promise<void> {
  for (;;) {
    await clock.sleep(REFRESH_MS, ended);
    if (ended.aborted) return;
    const seconds = clock.now() / 1000;
    // One that cannot be refreshed is still ours for all who see this process.
    await utimes(lockPath, seconds, seconds).catch(() => undefined);
  }
}

function inUse(path: string, { pid, host, since }: Owner): FraudstreamError {
  const message = `${path} is in use by process ${pid} on ${host} since ${since}. Wait until it has ended, or give this run a file of its own.`;
  return new FraudstreamError('usage', message);
}
