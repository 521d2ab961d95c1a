import { readFile, rm } from 'node:fs/promises';
import { FraudstreamError } from '../errors.ts';
import {
  type Checkpoint,
  readCheckpoint,
  writeCheckpoint,
} from '../kinesis/consumer/checkpoint.ts';
import type { StreamIdentity } from '../kinesis/read-client.ts';
import { removeDrafts, writeFileAtomically } from '../storage/output-file.ts';

/** A state of the engine between two records: how far it had read, and its features. */
export interface EngineState {
  readonly checkpoint: Checkpoint;
  readonly features: Uint8Array | undefined;
}

/**
 * Keeps the engine's state in files: the positions at `path`, and the features beside it.
 *
 * The features are there whole before the positions name them, under a name of their own: a crash
 * at any moment leaves one state, the old or the new.
 */
export class EngineCheckpoint {
  readonly #path: string;
  readonly #stream: string;
  #number = 0;

  constructor(path: string, stream: string) {
    this.#path = path;
    this.#stream = stream;
  }

  /** The state that was kept last, of this stream. Errors: those of `readCheckpoint`, `bad-data` without features. */
  async read(identity?: StreamIdentity | undefined): Promise<EngineState | undefined> {
    const checkpoint = await readCheckpoint(this.#path, this.#stream, identity);
    if (!checkpoint) return undefined;
    this.#number = checkpoint.companion ?? 0;
    // What a run left that was killed while it wrote the next features.
    await removeDrafts(this.#featuresPath(this.#number + 1));
    if (checkpoint.companion === undefined) return { checkpoint, features: undefined };
    const path = this.#featuresPath(checkpoint.companion);
    try {
      return { checkpoint, features: await readFile(path) };
    } catch (cause) {
      const message = `${path} belongs to the checkpoint ${this.#path} and cannot be read. Delete both to start over.`;
      throw new FraudstreamError('bad-data', message, { cause });
    }
  }

  async write({ checkpoint, features }: EngineState): Promise<void> {
    const old = this.#number;
    this.#number = old + 1;
    if (features) await writeFileAtomically(this.#featuresPath(this.#number), features);
    const companion = features ? { companion: this.#number } : {};
    await writeCheckpoint(this.#path, { ...checkpoint, ...companion });
    if (features) await rm(this.#featuresPath(old), { force: true });
  }

  #featuresPath(number: number): string {
    return `${this.#path}.features-${number}`;
  }
}
