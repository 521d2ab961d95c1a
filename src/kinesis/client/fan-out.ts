import {
  type KinesisClient,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
  type SubscribeToShardEventStream,
} from '@aws-sdk/client-kinesis';
import { FraudstreamError } from '../../errors.ts';
import type { Clock } from '../../stream/clock.ts';
import type { Position, ReadClient, RecordPage } from '../read-client.ts';
import { invalidResponse } from './answers.ts';
import { recordPage, startingPosition } from './read-shard.ts';
import { type CallTarget, isFatal, serviceError, troubleOf } from './service-error.ts';
import {
  type ClientSettings,
  eventStreamClient,
  kinesisClient,
  regionOf,
  type StreamClient,
} from './stream-client.ts';
import {
  activeConsumer,
  deregisterConsumer,
  FAN_OUT_PERMISSIONS,
  type StreamConsumer,
} from './stream-consumer.ts';

/** How a stream is read with enhanced fan-out. */
export interface FanOutSettings extends ClientSettings {
  /** Registered unless it is there; deregistered at the end only if it was not. */
  readonly consumerName: string;
}

/** The name of a consumer that is registered for one run. */
export function fanOutName(random: () => number): string {
  const number = Math.floor(random() * 2 ** 32);
  return `fraudstream-${number.toString(16).padStart(8, '0')}`;
}

/** A reader with enhanced fan-out, to be closed by its owner. */
export interface FanOutReader {
  readonly client: ReadClient;
  readonly consumer: StreamConsumer;
  /** Ends its subscriptions, and deregisters the consumer if it registered it. Errors: `unreachable` if that failed. */
  close(): Promise<void>;
}

/**
 * Opens a reader that has records pushed to it (SubscribeToShard) instead of asking for them.
 *
 * Its iterators are subscriptions, and each call of `records` waits for an event. A subscription that ended, as all do
 * after five minutes, or that broke is made anew from the last event on.
 * Errors: those of `activeConsumer`.
 */
export async function openFanOut(
  settings: FanOutSettings,
  client: Pick<StreamClient, 'listShards' | 'identity'>,
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<FanOutReader> {
  const { stream, endpointUrl, flags, consumerName } = settings;
  const sdk = kinesisClient(settings);
  const subscriber = eventStreamClient(settings);
  try {
    const region = await regionOf(sdk);
    const target = { stream, region, endpointUrl, flags, permissions: FAN_OUT_PERMISSIONS };
    const consumer = await activeConsumer(sdk, consumerName, target, { clock, stop });
    const subscriptions = new ShardSubscriptions(subscriber, consumer, target, clock);
    return {
      consumer,
      client: {
        isPushed: true,
        listShards: () => client.listShards(),
        ...(client.identity && {
          identity: () => client.identity?.() ?? Promise.resolve(undefined),
        }),
        iterator: async (shardId, position) => subscriptions.begin(shardId, position),
        records: (iterator) => subscriptions.next(iterator),
      },
      close: async () => {
        subscriptions.end();
        subscriber.destroy();
        try {
          if (consumer.isOwn) await deregisterConsumer(sdk, consumer, clock);
        } finally {
          sdk.destroy();
        }
      },
    };
  } catch (error) {
    subscriber.destroy();
    sdk.destroy();
    throw error;
  }
}

/** The subscriptions of a consumer, one for each shard that is read. */
class ShardSubscriptions {
  readonly #sdk: KinesisClient;
  readonly #consumer: StreamConsumer;
  readonly #target: CallTarget;
  readonly #clock: Clock;
  readonly #open = new Map<string, ShardSubscription>();
  #begun = 0;

  constructor(sdk: KinesisClient, consumer: StreamConsumer, target: CallTarget, clock: Clock) {
    this.#sdk = sdk;
    this.#consumer = consumer;
    this.#target = target;
    this.#clock = clock;
  }

  /** A subscription at a position, in place of any other of this shard; it is made when its first event is asked for. */
  begin(shardId: string, position: Position): string {
    for (const [other, subscription] of this.#open) {
      if (subscription.shardId !== shardId) continue;
      subscription.end();
      this.#open.delete(other);
    }
    this.#begun += 1;
    const iterator = `${shardId} ${this.#begun}`;
    this.#open.set(iterator, new ShardSubscription(this.#sdk, this.#consumer, shardId, position));
    return iterator;
  }

  /** The next event of a subscription, which is subscribed to again where it ended. */
  async next(iterator: string): Promise<RecordPage> {
    const subscription = this.#open.get(iterator);
    if (!subscription) {
      const failure = { code: 'ExpiredIteratorException', message: 'the subscription has ended' };
      return { entries: [], next: undefined, behindMs: 0, failure };
    }
    try {
      const event = await subscription.next(this.#clock.now());
      const page = recordPage('SubscribeToShard', {
        ...event,
        NextShardIterator: subscription.hasEnded ? undefined : iterator,
      });
      if (subscription.hasEnded) this.#open.delete(iterator);
      return page;
    } catch (error) {
      subscription.end();
      if (error instanceof FraudstreamError) throw error;
      if (subscription.isTakenOver(error)) throw takenOver(this.#consumer, error);
      const trouble = troubleOf(error);
      if (isFatal(trouble)) throw this.#fatal(error);
      return { entries: [], next: undefined, behindMs: 0, failure: trouble };
    }
  }

  end(): void {
    for (const subscription of this.#open.values()) subscription.end();
    this.#open.clear();
  }

  #fatal(error: unknown): FraudstreamError {
    const known = serviceError(error, this.#target);
    if (known.code !== 'not-found') return known;
    const message = `Consumer "${this.#consumer.name}" or a shard of stream "${this.#target.stream}" does not exist any more (${known.cause instanceof Error ? known.cause.message : ''}). Did somebody deregister it?`;
    return new FraudstreamError('not-found', message, { cause: error });
  }
}

function takenOver({ name }: StreamConsumer, cause: unknown): FraudstreamError {
  const message = `Another process subscribed as consumer "${name}" and took over. Give each process a --consumer-name of its own, or leave it out.`;
  return new FraudstreamError('bad-config', message, { cause });
}

/** The position in a shard, and the events that come from there while it is subscribed to. */
class ShardSubscription {
  readonly shardId: string;
  readonly #sdk: KinesisClient;
  readonly #consumer: StreamConsumer;
  #position: Position | { readonly after: string };
  #events: AsyncIterator<SubscribeToShardEventStream> | undefined;
  #stop = new AbortController();
  #wasSubscribed = false;
  hasEnded: boolean = false;

  constructor(sdk: KinesisClient, consumer: StreamConsumer, shardId: string, position: Position) {
    this.#sdk = sdk;
    this.#consumer = consumer;
    this.shardId = shardId;
    this.#position = position;
  }

  /** The next event. Errors: those of the SDK and of the service; then it is to be ended, and may be asked again. */
  async next(now: number): Promise<SubscribeToShardEvent> {
    for (;;) {
      this.#events ??= await this.#subscribed(now);
      const { value, done } = await this.#events.next();
      if (done) {
        this.end();
        continue;
      }
      const event = value.SubscribeToShardEvent;
      // There may be other events some day.
      if (!event) continue;
      return this.#passed(event);
    }
  }

  /** Ends what is subscribed to; the position stays. */
  end(): void {
    this.#events = undefined;
    this.#stop.abort();
    this.#stop = new AbortController();
  }

  /** True for an error by which another reader of this consumer ended the events. */
  isTakenOver(error: unknown): boolean {
    return this.#wasSubscribed && error instanceof Error && error.name === 'ResourceInUseException';
  }

  async #subscribed(now: number): Promise<AsyncIterator<SubscribeToShardEventStream>> {
    this.#wasSubscribed = false;
    const position = this.#position;
    // LATEST moves on: if this fails, what came since then is wanted.
    if (position === 'latest') this.#position = { timestamp: now };
    const command = new SubscribeToShardCommand({
      ConsumerARN: this.#consumer.arn,
      ShardId: this.shardId,
      StartingPosition: startingPosition(position),
    });
    const { EventStream } = await this.#sdk.send(command, { abortSignal: this.#stop.signal });
    if (!EventStream) throw invalidResponse('SubscribeToShard', 'has no EventStream');
    this.#wasSubscribed = true;
    return EventStream[Symbol.asyncIterator]();
  }

  #passed(event: SubscribeToShardEvent): SubscribeToShardEvent {
    const { ContinuationSequenceNumber: after, ChildShards } = event;
    if (typeof after === 'string' && after !== '') this.#position = { after };
    else if (Array.isArray(ChildShards)) {
      this.hasEnded = true;
      this.end();
    } else {
      throw invalidResponse('SubscribeToShard', 'has no ContinuationSequenceNumber');
    }
    return event;
  }
}
