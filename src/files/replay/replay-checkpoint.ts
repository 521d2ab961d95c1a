import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { FraudstreamError } from '../../errors.ts';
import { writeFileAtomically } from '../../storage/output-file.ts';
import type { Clock } from '../../stream/clock.ts';
import { parseJson } from '../../text/parse-json.ts';
import { type ByteSourceDependencies, byteSource } from '../reading/byte-source.ts';

/**
 * What a replay is made of, as one text: the bytes of the files and the settings that decide which records
 * leave in which order.
 *
 * Every byte is read: a file that was changed in the middle keeps its size, and a copy has another date.
 */
export async function fingerprint(
  paths: readonly string[],
  settings: unknown,
  dependencies: ByteSourceDependencies,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const path of paths) {
    const inner = createHash('sha256');
    for await (const chunk of await byteSource(path, dependencies)) inner.update(chunk);
    hash.update(inner.digest());
  }
  return hash.digest('hex');
}

/** What the file holds. Ordinals count records in the order of the replay. */
interface State {
  /** Everything before this ordinal is settled: acknowledged, or listed as failed. */
  readonly settled: number;
  /** Nothing from this ordinal on was ever handed out. */
  readonly reserved: number;
  /** Places before `settled` that were given up, to be tried again. */
  readonly failed: readonly number[];
}

const VERSION = 1;
const SAVE_EVERY_MS = 1_000;
/** Records handed out between two saves: so many can be in the stream twice after a crash. */
const LEAST_RESERVED = 100;
const MOST_RESERVED = 20_000;

/**
 * Where a replay stands: what was acknowledged, not what was sent.
 *
 * Places are reserved in the file before records leave, so that after a crash an upper bound is known of
 * what may lie in the stream twice: what was reserved and is not settled.
 */
export class ReplayCheckpoint {
  readonly #path: string;
  readonly #fingerprint: string;
  readonly #clock: Clock;
  readonly #begun: State;
  /** Places of what is under way, by the id of the record. */
  readonly #underWay = new Map<string, number[]>();
  /** Settled ordinals behind the first that is not. */
  readonly #ahead = new Set<number>();
  readonly #failed: Set<number>;
  #settled: number;
  #reserved: number;
  #handedOut = 0;
  #atSave = 0;
  #savedAt: number;
  #saving: Promise<void> = Promise.resolve();
  /** Why the last save failed; the next one that works makes up for it. */
  #saveError: unknown;

  private constructor(path: string, fingerprint: string, clock: Clock, begun: State) {
    this.#path = path;
    this.#fingerprint = fingerprint;
    this.#clock = clock;
    this.#begun = begun;
    this.#settled = begun.settled;
    this.#reserved = begun.reserved;
    this.#failed = new Set(begun.failed);
    this.#savedAt = clock.now();
  }

  /**
   * Opens the checkpoint at the path, which need not be there yet.
   *
   * Errors: `usage` when there is one and it is not to be resumed, `bad-data` when it belongs to other
   * files or settings, or is none.
   */
  static async open(
    path: string,
    fingerprint: string,
    isResumed: boolean,
    clock: Clock,
  ): Promise<ReplayCheckpoint> {
    const text = await textOf(path);
    if (text === undefined) {
      const begun = { settled: 0, reserved: 0, failed: [] };
      return new ReplayCheckpoint(path, fingerprint, clock, begun);
    }
    if (!isResumed) {
      const message = `${path} holds the checkpoint of an earlier run: continue it with --resume, or delete it to start over.`;
      throw new FraudstreamError('usage', message);
    }
    return new ReplayCheckpoint(path, fingerprint, clock, stateIn(text, path, fingerprint));
  }

  /** How many records were settled before this run. */
  get resumedAt(): number {
    return this.#begun.settled - this.#begun.failed.length;
  }

  /** At most so many records of this run may lie in the stream already. */
  get mayRepeat(): number {
    return Math.max(0, this.#begun.reserved - this.#begun.settled);
  }

  /** True for an ordinal that needs no sending any more. */
  isSettled(ordinal: number): boolean {
    return ordinal < this.#begun.settled && !this.#failed.has(ordinal);
  }

  /**
   * Notes that a record is about to leave; resolves when the file knows.
   *
   * Errors: `usage` when the file cannot be written, also when it could not lately.
   */
  async handOut(
    records: readonly { readonly id: string }[],
    ordinals: readonly number[],
  ): Promise<void> {
    for (const [at, { id }] of records.entries()) {
      const ordinal = ordinals[at] as number;
      const others = this.#underWay.get(id);
      if (others) others.push(ordinal);
      else this.#underWay.set(id, [ordinal]);
    }
    this.#handedOut += records.length;
    if (this.#saveError !== undefined) throw this.#saveError;
    const end = (ordinals.at(-1) ?? -1) + 1;
    if (end <= this.#reserved) return;
    const lately = 2 * (this.#handedOut - this.#atSave);
    this.#reserved = end + Math.min(MOST_RESERVED, Math.max(LEAST_RESERVED, lately));
    await this.#save();
  }

  /** Notes what became of records; failed ones are kept for another run. */
  settle(outcomes: readonly { readonly id: string; readonly isAccepted: boolean }[]): void {
    for (const { id, isAccepted } of outcomes) {
      const ordinals = this.#underWay.get(id) ?? [];
      const ordinal = ordinals.shift();
      if (ordinals.length === 0) this.#underWay.delete(id);
      if (ordinal === undefined) continue;
      if (isAccepted) this.#failed.delete(ordinal);
      else this.#failed.add(ordinal);
      if (ordinal >= this.#settled) this.#ahead.add(ordinal);
    }
    while (this.#ahead.delete(this.#settled)) this.#settled += 1;
    if (this.#clock.now() - this.#savedAt < SAVE_EVERY_MS) return;
    // Whoever hands out next is told of a failure.
    this.#save().catch(() => undefined);
  }

  /**
   * All records of the replay have been read: that many there are.
   *
   * Errors: `bad-data` when the file said that more than these were settled.
   */
  checkTotal(total: number): void {
    const { settled } = this.#begun;
    if (settled <= total) return;
    const message = `The checkpoint ${this.#path} has ${settled} settled records, but the replay has only ${total}. Delete it to start over.`;
    throw new FraudstreamError('bad-data', message);
  }

  /** Writes the last state. When `isDrained`, what was handed out and is not settled was never sent. */
  async close(isDrained: boolean): Promise<void> {
    if (isDrained) this.#reserved = this.#settled;
    await this.#save();
  }

  #save(): Promise<void> {
    this.#savedAt = this.#clock.now();
    this.#atSave = this.#handedOut;
    const failed = [...this.#failed].filter((ordinal) => ordinal < this.#settled);
    const state: State = { settled: this.#settled, reserved: this.#reserved, failed };
    const text = JSON.stringify({ version: VERSION, fingerprint: this.#fingerprint, ...state });
    // A failed save must fail the one who waits for it, and not those that follow.
    this.#saving = this.#saving
      .catch(() => undefined)
      .then(() => writeFileAtomically(this.#path, `${text}\n`))
      .then(
        () => {
          this.#saveError = undefined;
        },
        (error: unknown) => {
          this.#saveError = error;
          throw error;
        },
      );
    return this.#saving;
  }
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new FraudstreamError('no-input', `The checkpoint ${path} cannot be read.`, { cause });
  }
}

function stateIn(text: string, path: string, wanted: string): State {
  const { version, fingerprint, settled, reserved, failed } = parsed(text);
  if (version !== VERSION) {
    const message = `${path} is not a checkpoint of a replay (version ${VERSION}). Give another --checkpoint, or delete the file.`;
    throw new FraudstreamError('bad-data', message);
  }
  if (fingerprint !== wanted) {
    const message = `The checkpoint ${path} belongs to other files, another mapping or other settings. Use those of the earlier run again, or delete the checkpoint to start over.`;
    throw new FraudstreamError('bad-data', message);
  }
  const state = { settled, reserved, failed };
  const flaw = flawOf(state);
  if (flaw === undefined) return state as State;
  const message = `The checkpoint ${path} is damaged: ${flaw}. Delete it to start over.`;
  throw new FraudstreamError('bad-data', message);
}

/** What is wrong with the numbers of a checkpoint, with the value seen. */
function flawOf({
  settled,
  reserved,
  failed,
}: Readonly<Record<keyof State, unknown>>): string | undefined {
  if (!isCount(settled)) return `"settled" is ${shown(settled)}, not a whole number from 0`;
  if (!isCount(reserved)) return `"reserved" is ${shown(reserved)}, not a whole number from 0`;
  if (reserved < settled) return `"reserved" is ${reserved}, below "settled", which is ${settled}`;
  if (!Array.isArray(failed)) return `"failed" is ${shown(failed)}, not a list`;
  const badIndex = failed.findIndex((ordinal) => !isCount(ordinal) || ordinal >= settled);
  if (badIndex >= 0) {
    return `"failed" holds ${shown(failed[badIndex])}, not a whole number below "settled", which is ${settled}`;
  }
  return new Set(failed).size < failed.length ? '"failed" holds a number twice' : undefined;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40) ?? 'absent';
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(parseJson(text));
  } catch {
    // Not JSON, so no checkpoint: the caller says so.
    return {};
  }
}
