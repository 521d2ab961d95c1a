import type { TlsIdentity } from '../../http/tls-identity.ts';
import { WorkerService } from '../worker-service.ts';
import type { KinesisFault } from './faults.ts';
import type {
  KinesisThreadReady,
  KinesisThreadRequest,
  KinesisThreadSettings,
} from './kinesis-thread.ts';
import { awsLimits, type ShardLimits } from './limits.ts';
import type { KinesisStatistics } from './statistics.ts';
import { awsSubscriptionTimes, type SubscriptionTimes } from './subscriptions.ts';

/** How an embedded Kinesis is started; everything has a default. */
export interface EmbeddedKinesisSettings {
  /** Streams to begin with: name and number of shards. They are ACTIVE at once. */
  readonly streams?: Readonly<Record<string, number>>;
  readonly faults?: readonly KinesisFault[];
  /** Same seed and same requests, same faults. */
  readonly faultSeed?: number;
  /** On 127.0.0.1; 0 takes a free one. */
  readonly port?: number;
  readonly region?: string;
  /** Twelve digits, in the ARNs of streams; zeros unless given. */
  readonly account?: string;
  /** With it, the address is https. */
  readonly tls?: TlsIdentity;
  /** What a shard takes; those of AWS unless given. */
  readonly shardLimits?: ShardLimits | 'none';
  readonly retainedBytes?: number;
  readonly transitionMs?: number;
  /** How long a subscription to a shard lasts, and the like; as on AWS unless given. */
  readonly subscriptions?: Partial<SubscriptionTimes>;
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

const defaults: KinesisThreadSettings = {
  streams: {},
  faults: [],
  faultSeed: 1,
  port: 0,
  region: 'us-east-1',
  account: '000000000000',
  shardLimits: awsLimits,
  retainedBytes: 512 * 1_048_576,
  transitionMs: 100,
  subscriptions: awsSubscriptionTimes,
};

/**
 * Starts a Kinesis in memory, bound to the loopback interface.
 *
 * Errors: `usage` when a stream cannot be made or the port is taken.
 */
export async function startEmbeddedKinesis(
  settings: EmbeddedKinesisSettings = {},
): Promise<EmbeddedKinesis> {
  const { shardLimits, subscriptions, ...rest } = settings;
  const limits = shardLimits === 'none' ? undefined : (shardLimits ?? awsLimits);
  const workerData: KinesisThreadSettings = {
    ...defaults,
    ...rest,
    shardLimits: limits,
    subscriptions: { ...awsSubscriptionTimes, ...subscriptions },
  };
  const file = new URL('./kinesis-thread.js', import.meta.url);
  const service = await WorkerService.start<
    KinesisThreadReady,
    KinesisThreadRequest,
    KinesisStatistics
  >('The embedded Kinesis', file, workerData);
  return {
    url: `${settings.tls ? 'https' : 'http'}://127.0.0.1:${service.ready.port}`,
    setFaults: async (faults) => {
      await service.request({ faults });
    },
    statistics: () => service.request({}),
    close: () => service.close(),
  };
}
