import { Worker } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import { formedBlocks, mergedBlocks } from '../../generators/lines/formed-blocks.ts';
import type { LineBlock } from '../../generators/lines/line-block.ts';
import { completeSettings, type WorldSettings, world } from '../../generators/world.ts';
import { Mailbox } from '../../stream/mailbox.ts';
import { type FormedBlocksSettings, lineWriter } from './form-lines.ts';
import type { FormThreadSettings, FromFormThread } from './form-thread.ts';

/** Blocks that a thread makes ahead: bound on memory, and back-pressure. */
const BLOCKS_AHEAD = 3;

/**
 * The transactions of a world as lines in the form of a contract: a line each, rows of CSV, or lines of Base64 where records are
 * binary.
 *
 * The bytes are the same for any number of threads; a contract with a counter has one. Errors: those of `world`, `bad-config`
 * for a transaction that does not fit the schema of the contract.
 */
export async function* formBlocks(
  settings: WorldSettings,
  { contract, path }: FormedBlocksSettings,
  { hasLabels, threads }: { readonly hasLabels: boolean; readonly threads: number },
): AsyncGenerator<LineBlock, void, undefined> {
  if (threads === 1 || contract.isCounted) {
    yield* formedBlocks(await world(settings), lineWriter(contract, settings), hasLabels);
    return;
  }
  const { partition } = completeSettings(settings);
  const makers = Array.from({ length: threads }, (_, index) => {
    // A part of a partition is itself a partition, only finer.
    const part = { index: partition.index + partition.of * index, of: partition.of * threads };
    return new FormThread({ settings: { ...settings, partition: part }, path, hasLabels });
  });
  try {
    yield* mergedBlocks(makers.map((maker) => () => maker.next()));
  } finally {
    await Promise.all(makers.map((maker) => maker.end()));
  }
}

/** A thread that makes the blocks of a part of the world. */
class FormThread {
  readonly #worker: Worker;
  readonly #blocks = new Mailbox<LineBlock>();
  readonly #received: AsyncIterator<LineBlock>;
  #hasEnded = false;

  constructor(workerData: FormThreadSettings) {
    this.#worker = new Worker(new URL('./form-thread.js', import.meta.url), { workerData });
    this.#received = this.#blocks[Symbol.asyncIterator]();
    this.#worker.on('message', (message: FromFormThread) => this.#take(message));
    this.#worker.on('error', (error) => this.#end(error));
    this.#worker.on('exit', () => {
      this.#end(new Error('A thread of the generator has ended too early.'));
    });
    for (let ahead = 0; ahead < BLOCKS_AHEAD; ahead += 1) this.#ask();
  }

  async next(): Promise<LineBlock | undefined> {
    const { done, value } = await this.#received.next();
    if (done) return undefined;
    this.#ask();
    return value;
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #take(message: FromFormThread): void {
    if ('block' in message) this.#blocks.push(message.block);
    else this.#end('error' in message ? errorOf(message.error) : undefined);
  }

  /** The first end counts: a thread exits after its last block, too. */
  #end(error?: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#blocks.end(error);
  }

  #ask(): void {
    this.#worker.postMessage('next');
  }
}

/** An error that crosses from a thread has lost its class. */
function errorOf({ code, lines }: Pick<FraudstreamError, 'code' | 'lines'>): FraudstreamError {
  return new FraudstreamError(code, lines);
}
