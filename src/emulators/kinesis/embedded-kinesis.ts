import { Worker } from 'node:worker_threads';
import { FraudstreamError } from '../../errors.ts';
import type { KinesisFault } from './faults.ts';
import type { ThreadMessage, ThreadRequest, ThreadSettings } from './kinesis-thread.ts';
import { awsLimits, type ShardLimits } from './limits.ts';
import type { KinesisStatistics } from './statistics.ts';

/** How an embedded Kinesis is started; everything has a default. */
export interface EmbeddedKinesisSettings {
  /** Streams to begin with: name and number of shards. They are ACTIVE at once. */
  readonly streams?: Readonly<Record<string, number>>;
  readonly faults?: readonly KinesisFault[];
  /** Same seed and same requests, same troubles. */
  readonly faultSeed?: number;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port?: number;
  readonly region?: string;
  /** What a shard takes; those of AWS unless told otherwise. */
  readonly shardLimits?: ShardLimits | 'none';
  readonly retainedBytes?: number;
  readonly transitionMs?: number;
}

/** A Kinesis on this machine, on a thread of its own. */
export interface EmbeddedKinesis {
  readonly url: string;
  /** Replaces all faults; resolves when the new ones are in force. */
  setFaults(faults: readonly KinesisFault[]): Promise<void>;
  statistics(): Promise<KinesisStatistics>;
  /** Ends the thread with all its connections, hanging ones too; what it kept is gone. */
  close(): Promise<void>;
}

const defaults: ThreadSettings = {
  streams: {},
  faults: [],
  faultSeed: 1,
  port: 0,
  region: 'us-east-1',
  shardLimits: awsLimits,
  retainedBytes: 512 * 1_048_576,
  transitionMs: 100,
};

/**
 * Starts a Kinesis in memory, bound to the loopback interface.
 *
 * Errors: `usage` when a stream cannot be made or the port is taken.
 */
export async function startEmbeddedKinesis(
  settings: EmbeddedKinesisSettings = {},
): Promise<EmbeddedKinesis> {
  const { shardLimits, ...rest } = settings;
  const limits = shardLimits === 'none' ? undefined : (shardLimits ?? awsLimits);
  const workerData: ThreadSettings = { ...defaults, ...rest, shardLimits: limits };
  const worker = new Worker(new URL('./kinesis-thread.js', import.meta.url), { workerData });
  const port = await listening(worker);
  const ask = questions(worker);
  return {
    url: `http://127.0.0.1:${port}`,
    setFaults: async (faults) => {
      await ask((number) => ({ number, faults }));
    },
    statistics: () => ask((number) => ({ number, wants: 'statistics' })),
    close: async () => {
      await worker.terminate();
    },
  };
}

function listening(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (cause: Error): void => {
      const message = `The embedded Kinesis did not start: ${cause.message}`;
      reject(new FraudstreamError('usage', message, { cause }));
    };
    worker.once('error', failed);
    worker.once('message', (message: ThreadMessage) => {
      worker.off('error', failed);
      if ('port' in message) resolve(message.port);
      else if ('refusal' in message) {
        void worker.terminate();
        reject(new FraudstreamError('usage', message.refusal));
      }
    });
  });
}

type Ask = (question: (number: number) => ThreadRequest) => Promise<KinesisStatistics>;

interface Asker {
  answer(statistics: KinesisStatistics): void;
  refuse(error: FraudstreamError): void;
}

/** Asks the thread and waits for its answer; who asks a thread that has ended is told so. */
function questions(worker: Worker): Ask {
  const waiting = new Map<number, Asker>();
  let asked = 0;
  let isClosed = false;
  worker.on('message', (message: ThreadMessage) => {
    if (!('number' in message)) return;
    waiting.get(message.number)?.answer(message.statistics);
    waiting.delete(message.number);
  });
  const closed = (): FraudstreamError =>
    new FraudstreamError('unreachable', 'The embedded Kinesis is closed. Start another one.');
  worker.once('exit', () => {
    isClosed = true;
    for (const { refuse } of waiting.values()) refuse(closed());
  });
  return async (question) => {
    if (isClosed) throw closed();
    asked += 1;
    const number = asked;
    worker.postMessage(question(number));
    return new Promise((answer, refuse) => waiting.set(number, { answer, refuse }));
  };
}
