import type { Clock } from '../../stream/clock.ts';
import { beginning, children, recordJson, withinBytes } from './get-records.ts';
import { EVENT_BYTES, RECORDS_A_READ } from './limits.ts';
import type { KinesisRequest } from './request.ts';
import { inUse, type KinesisError, notFound } from './service-error.ts';
import { after, type StoredShard } from './shard.ts';
import type { Store } from './store.ts';
import type { StoredStream } from './stream.ts';
import { type StoredConsumer, statusOf, streamArnOf } from './stream-consumers.ts';

/** Times of subscriptions, in milliseconds. Source of the defaults: API reference, SubscribeToShard. */
export interface SubscriptionTimes {
  /** A subscription ends after so long. */
  readonly lifeMs: number;
  /** An event comes at least so often, with records or without. */
  readonly heartbeatMs: number;
  /** For so long after a subscription no other one of the same consumer and shard is taken. */
  readonly exclusiveMs: number;
}

/** Those of AWS; how often events without records come is not documented there. */
export const awsSubscriptionTimes: SubscriptionTimes = {
  lifeMs: 300_000,
  heartbeatMs: 5_000,
  exclusiveMs: 5_000,
};

/** The subscriptions of all consumers: one for each consumer and shard. */
export class StreamSubscriptions {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #times: SubscriptionTimes;
  readonly #open = new Map<string, StoredSubscription>();

  constructor(store: Store, clock: Clock, times: SubscriptionTimes) {
    this.#store = store;
    this.#clock = clock;
    this.#times = times;
  }

  /** Opens the subscription of a request; an older one of the same consumer and shard ends. Errors: KinesisError. */
  subscribe(request: KinesisRequest): StoredSubscription {
    const now = Math.floor(this.#clock.now());
    const consumerArn = request.text('ConsumerARN');
    const stream = this.#store.stream(undefined, streamArnOf(consumerArn), now);
    const consumer = stream.consumers.byArn(consumerArn, now);
    const status = statusOf(consumer, now);
    if (status !== 'ACTIVE') throw inUse(`Consumer ${consumer.name} is ${status}, not ACTIVE.`);
    const shard = stream.shard(request.text('ShardId'));
    const position = request.part('StartingPosition');
    const type = position.text('Type');
    const from = beginning(position, { type, number: 'SequenceNumber' }, stream, shard);
    const key = `${consumerArn} ${shard.id}`;
    const before = this.#open.get(key);
    if (before && now - before.openedAt < this.#times.exclusiveMs) {
      throw inUse(`Consumer ${consumer.name} has subscribed to ${shard.id} a moment ago.`);
    }
    before?.end(inUse(`Another subscription of ${consumer.name} to ${shard.id} took over.`));
    const parts = { stream, shard, consumer, from };
    const subscription = new StoredSubscription(parts, this.#clock, this.#times, () => {
      // It is kept for a while after its end: a new one is refused all the same.
      const { lifeMs, exclusiveMs } = this.#times;
      const isOld = ({ hasEnded, openedAt }: StoredSubscription): boolean =>
        this.#clock.now() - openedAt >= exclusiveMs + (hasEnded ? 0 : lifeMs);
      for (const [other, one] of this.#open) if (isOld(one)) this.#open.delete(other);
    });
    this.#open.set(key, subscription);
    return subscription;
  }
}

interface SubscriptionParts {
  readonly stream: StoredStream;
  readonly shard: StoredShard;
  readonly consumer: StoredConsumer;
  readonly from: string;
}

/** A consumer's reading of one shard, pushed to it. */
export class StoredSubscription {
  readonly openedAt: number;
  hasEnded: boolean = false;
  readonly #parts: SubscriptionParts;
  readonly #clock: Clock;
  readonly #times: SubscriptionTimes;
  readonly #onEnd: () => void;
  readonly #over = new AbortController();
  #from: string;
  #nextAt = Number.NEGATIVE_INFINITY;
  #error: KinesisError | undefined;

  constructor(parts: SubscriptionParts, clock: Clock, times: SubscriptionTimes, onEnd: () => void) {
    this.#parts = parts;
    this.#from = parts.from;
    this.#clock = clock;
    this.#times = times;
    this.#onEnd = onEnd;
    this.openedAt = Math.floor(clock.now());
  }

  /** Ends it from outside, with an exception to its reader. */
  end(error: KinesisError): void {
    this.#error ??= error;
    this.#over.abort();
  }

  /** Aborts when no event comes any more: a writer that waits for its reader waits no longer. */
  get over(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * The events, until the end of the shard or of the subscription, or until `closed`.
   *
   * Errors: KinesisError, which the reader gets as an exception.
   */
  async *events(closed: AbortSignal): AsyncGenerator<object, void, undefined> {
    const close = (): void => this.#over.abort();
    closed.addEventListener('abort', close);
    if (closed.aborted) close();
    const endsAt = this.openedAt + this.#times.lifeMs;
    void this.#clock.sleep(endsAt - this.#clock.now(), this.over).then(close);
    try {
      while (!this.over.aborted) {
        const now = Math.floor(this.#clock.now());
        const event = this.#event(now);
        if (event) yield event;
        else await this.#changeUntil(Math.min(this.#nextAt, this.#parts.stream.changesAt) - now);
        if (event && !('ContinuationSequenceNumber' in event)) return;
      }
      if (this.#error && !closed.aborted) throw this.#error;
    } finally {
      closed.removeEventListener('abort', close);
      close();
      this.hasEnded = true;
      this.#onEnd();
    }
  }

  /** What there is to say now; nothing when there is nothing new and the last event is not long ago. */
  #event(now: number): object | undefined {
    const { stream, shard } = this.#parts;
    stream.settle(now);
    this.#checkConsumer(now);
    const records = withinBytes(shard.from(this.#from, RECORDS_A_READ), EVENT_BYTES);
    const last = records.at(-1);
    if (last) this.#from = after(last.sequenceNumber);
    const rest = shard.from(this.#from, 1)[0];
    const isEnd = !shard.isOpen && !rest;
    if (!last && !isEnd && now < this.#nextAt) return undefined;
    this.#nextAt = now + this.#times.heartbeatMs;
    return {
      Records: records.map(recordJson),
      // What comes has a higher number than all that were given: an empty event is progress, too.
      ...(isEnd
        ? { ChildShards: children(stream, shard) }
        : { ContinuationSequenceNumber: last?.sequenceNumber ?? stream.lastSequenceNumber }),
      MillisBehindLatest: rest ? Math.max(0, Math.round(now - rest.arrivedAt)) : 0,
    };
  }

  #checkConsumer(now: number): void {
    const { stream, consumer } = this.#parts;
    const found = stream.consumers.all(now).find(({ arn }) => arn === consumer.arn);
    if (found && statusOf(found, now) === 'ACTIVE') return;
    throw notFound(`Consumer ${consumer.name} was deregistered.`);
  }

  /** Resolves when the shard has changed, at the latest after so long. */
  async #changeUntil(ms: number): Promise<void> {
    const changed = new AbortController();
    const stop = (): void => changed.abort();
    const unlisten = this.#parts.shard.onChange(stop);
    this.over.addEventListener('abort', stop);
    try {
      await this.#clock.sleep(Math.max(1, ms), changed.signal);
    } finally {
      unlisten();
      this.over.removeEventListener('abort', stop);
    }
  }
}
