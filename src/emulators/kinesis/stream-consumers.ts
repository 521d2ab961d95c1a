import { CONSUMERS_AT_MOST, CREATING_AT_MOST } from './limits.ts';
import { inUse, invalid, limitExceeded, notFound } from './service-error.ts';

/** A consumer with enhanced fan-out, as it is registered with its stream. */
export interface StoredConsumer {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly activeAt: number;
  /** When it is gone that was deregistered. */
  readonly goneAt: number;
}

type ConsumerStatus = 'CREATING' | 'ACTIVE' | 'DELETING';

/** The consumers of one stream. */
export class StreamConsumers {
  readonly #streamArn: string;
  readonly #transitionMs: number;
  readonly #consumers = new Map<string, StoredConsumer>();

  constructor(streamArn: string, transitionMs: number) {
    this.#streamArn = streamArn;
    this.#transitionMs = transitionMs;
  }

  all(now: number): readonly StoredConsumer[] {
    for (const { name, goneAt } of this.#consumers.values()) {
      if (now >= goneAt) this.#consumers.delete(name);
    }
    return [...this.#consumers.values()];
  }

  register(name: string, now: number): StoredConsumer {
    if (!/^[\w.-]{1,128}$/.test(name)) throw invalid(`"${name.slice(0, 150)}" is no ConsumerName.`);
    const others = this.all(now);
    if (this.#consumers.has(name)) throw inUse(`Consumer ${name} is registered already.`);
    if (others.length >= CONSUMERS_AT_MOST) {
      throw limitExceeded(`A stream has at most ${CONSUMERS_AT_MOST} consumers.`);
    }
    if (others.filter((one) => statusOf(one, now) === 'CREATING').length >= CREATING_AT_MOST) {
      throw limitExceeded(`At most ${CREATING_AT_MOST} consumers are CREATING at a time.`);
    }
    const arn = `${this.#streamArn}/consumer/${name}:${Math.floor(now / 1_000)}`;
    const activeAt = now + this.#transitionMs;
    const goneAt = Number.POSITIVE_INFINITY;
    const consumer = { name, arn, createdAt: now, activeAt, goneAt };
    this.#consumers.set(name, consumer);
    return consumer;
  }

  deregister(consumer: StoredConsumer, now: number): void {
    if (statusOf(consumer, now) === 'DELETING') return;
    this.#consumers.set(consumer.name, { ...consumer, goneAt: now + this.#transitionMs });
  }

  clear(): void {
    this.#consumers.clear();
  }

  /** The consumer of an ARN. Errors: ResourceNotFoundException. */
  byArn(arn: string, now: number): StoredConsumer {
    return this.#found((one) => one.arn === arn, arn, now);
  }

  byName(name: string, now: number): StoredConsumer {
    return this.#found((one) => one.name === name, name, now);
  }

  #found(isMeant: (one: StoredConsumer) => boolean, name: string, now: number): StoredConsumer {
    const found = this.all(now).find(isMeant);
    if (found) return found;
    throw notFound(`Consumer ${name.slice(0, 300)} of ${this.#streamArn} does not exist.`);
  }
}

/** The status of a consumer at an instant. */
export function statusOf(consumer: StoredConsumer, now: number): ConsumerStatus {
  if (consumer.goneAt !== Number.POSITIVE_INFINITY) return 'DELETING';
  return now < consumer.activeAt ? 'CREATING' : 'ACTIVE';
}

/** The ARN of the stream in that of a consumer. */
export function streamArnOf(consumerArn: string): string {
  return consumerArn.split('/consumer/')[0] ?? '';
}
