import type { Clock } from '../../stream/clock.ts';
import { consumerControl } from './consumer-operations.ts';
import type { FaultInjector, InjectedRequestFault } from './faults.ts';
import { read } from './get-records.ts';
import { shardList } from './list-shards.ts';
import { write } from './put-records.ts';
import type { Operation } from './request.ts';
import { KinesisRequest } from './request.ts';
import { KinesisError } from './service-error.ts';
import { type KinesisStatistics, RequestCounts } from './statistics.ts';
import type { Store } from './store.ts';
import { control } from './stream-operations.ts';
import {
  awsSubscriptionTimes,
  type StoredSubscription,
  StreamSubscriptions,
} from './subscriptions.ts';

/** An answer of the service. `status` is that of HTTP; a `subscription` goes on with events. */
export interface ServiceAnswer {
  readonly status: number;
  readonly body: object;
  readonly subscription?: StoredSubscription;
}

/** The outcome of a request: an answer now, or the fault that hits it. */
export interface ServiceOutcome {
  readonly delayMs: number;
  /** Applied and answered, hung, or cut off; a cut-off answer may have been applied before. */
  readonly end: 'answer' | 'hang' | 'reset';
  answer(): ServiceAnswer;
}

const SUBSCRIBE = 'SubscribeToShard';
const DATA_PLANE: ReadonlySet<string> = new Set([
  'PutRecords',
  'PutRecord',
  'GetRecords',
  SUBSCRIBE,
]);
const calm: InjectedRequestFault = { delayMs: 0, fault: undefined };

/** Kinesis without a network: requests in, answers out. Only the data plane has faults. */
export class KinesisService {
  readonly injector: FaultInjector;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #subscriptions: StreamSubscriptions;
  readonly #operations: Readonly<Record<string, Operation>>;
  readonly #requests = new RequestCounts();
  readonly #faultCounts = new RequestCounts();
  readonly #records = new RequestCounts();

  constructor(store: Store, injector: FaultInjector, clock: Clock, times = awsSubscriptionTimes) {
    this.#store = store;
    this.injector = injector;
    this.#clock = clock;
    this.#subscriptions = new StreamSubscriptions(store, clock, times);
    this.#operations = {
      ...control,
      ...consumerControl,
      ...shardList,
      ...read,
      ...write(injector.ofEntry),
    };
  }

  /** The outcome of a request for an action with these fields (parsed JSON). */
  handle(action: string, fields: unknown): ServiceOutcome {
    // Names of the outside are not kept: they would fill the memory.
    const isKnown = Object.hasOwn(this.#operations, action) || action === SUBSCRIBE;
    this.#requests.add(isKnown ? action : 'unknown');
    const isData = DATA_PLANE.has(action);
    const { delayMs, fault } = isData ? this.injector.ofRequest(action) : calm;
    if (fault) this.#faultCounts.add(fault);
    const answer = (): ServiceAnswer => this.#apply(action, fields);
    switch (fault) {
      case 'hang':
        return { delayMs, end: 'hang', answer };
      case 'reset':
        return { delayMs, end: 'reset', answer: () => failure(500, 'InternalFailure') };
      case 'reset-after':
        return { delayMs, end: 'reset', answer };
      case 'http500':
        return { delayMs, end: 'answer', answer: () => failure(500, 'InternalFailure') };
      case 'http503':
        return { delayMs, end: 'answer', answer: () => failure(503, 'ServiceUnavailable') };
      case 'short':
        return { delayMs, end: 'answer', answer: () => shortened(answer()) };
      default:
        return { delayMs, end: 'answer', answer };
    }
  }

  /** Of all streams. */
  get account(): string {
    return this.#store.settings.account;
  }

  statistics(): KinesisStatistics {
    return {
      requests: this.#requests.all(),
      faults: this.#faultCounts.all(),
      records: this.#records.of('taken'),
      throttledRecords: this.#records.of('ProvisionedThroughputExceededException'),
      failedRecords: this.#records.of('InternalFailure'),
      retainedBytes: this.#store.retainedBytes,
      trimmedRecords: this.#store.trimmedRecords,
    };
  }

  #apply(action: string, fields: unknown): ServiceAnswer {
    const operation = Object.hasOwn(this.#operations, action)
      ? this.#operations[action]
      : undefined;
    try {
      if (action === SUBSCRIBE) {
        const subscription = this.#subscriptions.subscribe(new KinesisRequest(fields));
        return { status: 200, body: {}, subscription };
      }
      if (!operation) {
        throw new KinesisError('UnknownOperationException', `${action} is not known here.`);
      }
      const now = Math.floor(this.#clock.now());
      const body = operation(new KinesisRequest(fields), this.#store, now);
      if (action === 'PutRecords' || action === 'PutRecord') this.#count(body);
      return { status: 200, body };
    } catch (error) {
      if (!(error instanceof KinesisError)) throw error;
      if (action === 'PutRecord') this.#count({ Records: [{ ErrorCode: error.type }] });
      const status = error.type === 'InternalFailure' ? 500 : 400;
      return { status, body: { __type: error.type, message: error.message } };
    }
  }

  #count(body: { readonly Records?: readonly { readonly ErrorCode?: string }[] }): void {
    for (const { ErrorCode } of body.Records ?? [{}]) this.#records.add(ErrorCode ?? 'taken');
  }
}

function failure(status: number, type: string): ServiceAnswer {
  return { status, body: { __type: type, message: 'An injected fault.' } };
}

/** The answer with its first result missing, as if Kinesis had lost count. */
function shortened({ status, body }: ServiceAnswer): ServiceAnswer {
  if (!('Records' in body) || !Array.isArray(body.Records)) return { status, body };
  return { status, body: { ...body, Records: body.Records.slice(1) } };
}
