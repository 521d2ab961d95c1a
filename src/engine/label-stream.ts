import { consume } from '../kinesis/consumer/consume.ts';
import type { ReadDependencies } from '../kinesis/consumer/shard-reader.ts';
import type { ReadClient } from '../kinesis/read-client.ts';
import { listedShards } from '../kinesis/retries.ts';
import { parseJson } from '../text/parse-json.ts';
import { type Label, parseLabel } from '../transactions/label.ts';

/** What a stream of labels came to: labels read, and records that hold none. */
export interface LabelStreamFigures {
  readonly labels: number;
  readonly badLabels: number;
}

const READING = { limit: 10_000, pollIntervalMs: 200 } as const;

/**
 * Reads a Kinesis stream of labels while transactions are scored.
 *
 * It is read from its beginning by every run: a label that was learnt before is known by its id, so that no position
 * has to be kept.
 */
export class LabelStream {
  readonly #onLabel: (label: Label) => void;
  readonly #stop = new AbortController();
  #reading: Promise<void> = Promise.resolve();
  #labels = 0;
  #badLabels = 0;
  #failure: { readonly error: unknown } | undefined;

  private constructor(onLabel: (label: Label) => void) {
    this.#onLabel = onLabel;
  }

  /**
   * Resolves when all labels that are in the stream now have been passed to `onLabel`; those that come later follow.
   *
   * Errors: those of reading the stream.
   */
  static async open(
    client: ReadClient,
    dependencies: ReadDependencies,
    onLabel: (label: Label) => void,
  ): Promise<LabelStream> {
    const stream = new LabelStream(onLabel);
    const { clock } = dependencies;
    const stop = AbortSignal.any([dependencies.stop, stream.#stop.signal]);
    const shards = await listedShards(client, { clock, stop });
    await new Promise<void>((resolve) => {
      const behind = new Set(shards.map(({ shardId }) => shardId));
      stream.#reading = stream
        .#read(client, { clock, stop }, (shardId) => {
          behind.delete(shardId);
          if (behind.size === 0) resolve();
        })
        .finally(resolve);
    });
    if (stream.#failure) throw stream.#failure.error;
    return stream;
  }

  get figures(): LabelStreamFigures {
    return { labels: this.#labels, badLabels: this.#badLabels };
  }

  /** Errors: throws what ended the reading, if something has. */
  check(): void {
    if (this.#failure) throw this.#failure.error;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #read(
    client: ReadClient,
    dependencies: ReadDependencies,
    onLatest: (shardId: string) => void,
  ): Promise<void> {
    const settings = { ...READING, from: 'trim-horizon', yieldsEmptyReads: true } as const;
    try {
      for await (const batch of consume(client, dependencies, settings)) {
        for (const { data } of batch.records) this.#take(data);
        if (batch.behindMs === 0 || batch.isEnd) onLatest(batch.shardId);
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  #take(data: Uint8Array): void {
    const label = labelIn(data);
    if (!label) {
      this.#badLabels += 1;
      return;
    }
    this.#labels += 1;
    this.#onLabel(label);
  }
}

function labelIn(data: Uint8Array): Label | undefined {
  try {
    const text = Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8');
    const result = parseLabel(parseJson(text));
    return 'label' in result ? result.label : undefined;
  } catch {
    // Not JSON, and so no label.
    return undefined;
  }
}
