import { setMaxListeners } from 'node:events';
import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { unwrapped } from '../../contract/envelopes.ts';
import type { VerdictBytes } from '../../contract/verdicts-contract.ts';
import { guardCalls } from '../../http/sdk-client.ts';
import { optionalPackage } from '../../optional-package.ts';
import { orStopped } from '../../stream/async-iterables.ts';
import { type Deliver, gatheredGroups } from './gathered-groups.ts';
import { RecentIds } from './recent-ids.ts';
import {
  type Call,
  type CalledService,
  callError,
  callsOf,
  clientSettings,
  longestCallMs,
  type ServiceLocation,
} from './source-service.ts';
import {
  type SourceDependencies,
  serviceTime,
  type VerdictReading,
  type VerdictRecord,
  type VerdictSource,
} from './verdict-source.ts';

/** Long poll: the longest that SQS waits for messages. Source: SQS API reference, ReceiveMessage. */
const WAIT_SECONDS = 20;
/** Messages in an answer, and in a deletion, at most. Source: the same. */
const BATCH = 10;
const RECEIVERS = 12;
/** Ten messages of 1 MiB, as JSON within JSON. */
const ANSWER_BYTES = 24 * 1_048_576;

type Sdk = typeof import('@aws-sdk/client-sqs');

/**
 * Verdicts of an SQS queue, named by its name, its URL or its ARN.
 *
 * Messages are deleted when they were counted. One that SQS delivers again is reported as redelivered: its MessageId is
 * known, or that of its envelope; one that was sent before the reading began, by the clock of SQS, as backlog. Arrival is `SentTimestamp`.
 * Errors: `usage` without `@aws-sdk/client-sqs`.
 */
export async function sqsVerdicts(
  queue: string,
  location: ServiceLocation,
  content: VerdictBytes,
): Promise<VerdictSource> {
  const sdk = await optionalPackage(
    { name: '@aws-sdk/client-sqs', purpose: 'Reading SQS' },
    () => import('@aws-sdk/client-sqs'),
  );
  const name = queue.split(/[/:]/).at(-1) ?? queue;
  const open = (dependencies: SourceDependencies): Promise<VerdictReading> => {
    const called: CalledService = {
      service: 'SQS',
      subject: `Queue "${name}"`,
      location,
      permissions:
        'sqs:GetQueueUrl, sqs:GetQueueAttributes, sqs:ReceiveMessage and sqs:DeleteMessage on the queue',
    };
    return new QueueReading(sdk, called, location, content, dependencies).open(queue);
  };
  return { location: `queue ${name}`, arrival: serviceTime, isOrdered: false, open };
}

class QueueReading {
  readonly #sdk: Sdk;
  readonly #client: SQSClient;
  readonly #called: CalledService;
  readonly #call: Call;
  readonly #content: VerdictBytes;
  readonly #dependencies: SourceDependencies;
  readonly #seen = new RecentIds();
  #url = '';
  /** The clock of SQS when the reading began, in whole seconds. */
  #beganAt = Number.NEGATIVE_INFINITY;

  constructor(
    sdk: Sdk,
    called: CalledService,
    location: ServiceLocation,
    content: VerdictBytes,
    dependencies: SourceDependencies,
  ) {
    this.#sdk = sdk;
    this.#called = called;
    this.#content = content;
    this.#dependencies = dependencies;
    // Each receiver listens for the stop.
    setMaxListeners(4 * RECEIVERS, dependencies.stop);
    this.#call = callsOf(called, dependencies);
    const waitMs = WAIT_SECONDS * 1_000;
    this.#client = new sdk.SQSClient(
      clientSettings(location, {
        maxConnections: 2 * RECEIVERS,
        waitMs,
        maxAnswerBytes: ANSWER_BYTES,
      }),
    );
    guardCalls(this.#client, longestCallMs(location, waitMs));
    this.#client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        this.#noteClock(result.response);
        return result;
      },
      { step: 'deserialize', name: 'noteClock' },
    );
  }

  async open(queue: string): Promise<VerdictReading> {
    try {
      this.#url = await this.#urlOf(queue);
      const attributes = new this.#sdk.GetQueueAttributesCommand({
        QueueUrl: this.#url,
        AttributeNames: ['QueueArn'],
      });
      this.#beganAt = Number.NEGATIVE_INFINITY;
      await this.#call('GetQueueAttributes', (abort) => this.#client.send(attributes, abort), true);
    } catch (error) {
      this.#client.destroy();
      throw error;
    }
    // A queue keeps what comes before it is asked: nothing is missed from now on.
    return { established: Promise.resolve(), groups: this.#groups() };
  }

  async #urlOf(queue: string): Promise<string> {
    if (/^https?:\/\//.test(queue)) return queue;
    const [, account, name = queue] = /^arn:[^:]+:sqs:[^:]*:(\d+):(.+)$/.exec(queue) ?? [];
    const command = new this.#sdk.GetQueueUrlCommand({
      QueueName: name,
      ...(account !== undefined && { QueueOwnerAWSAccountId: account }),
    });
    const { QueueUrl } = await this.#call(
      'GetQueueUrl',
      (abort) => this.#client.send(command, abort),
      true,
    );
    if (QueueUrl) return QueueUrl;
    throw callError(new Error('the answer to GetQueueUrl has no QueueUrl'), this.#called);
  }

  async *#groups(): AsyncGenerator<readonly VerdictRecord[]> {
    try {
      yield* gatheredGroups<VerdictRecord>(this.#dependencies.stop, async (deliver, stop) => {
        setMaxListeners(4 * RECEIVERS, stop);
        await Promise.all(Array.from({ length: RECEIVERS }, () => this.#receive(deliver, stop)));
      });
    } finally {
      this.#client.destroy();
    }
  }

  async #receive(deliver: Deliver<VerdictRecord>, stop: AbortSignal): Promise<void> {
    let deleting: Promise<void> = Promise.resolve();
    try {
      while (!stop.aborted) {
        const messages = await this.#messages(stop);
        await deliver(messages.flatMap((message) => this.#recordOf(message) ?? []));
        await deleting;
        deleting = this.#delete(messages);
        // Its error is thrown where it is awaited.
        deleting.catch(() => undefined);
      }
    } finally {
      await deleting;
    }
  }

  async #messages(stop: AbortSignal): Promise<readonly Message[]> {
    const command = new this.#sdk.ReceiveMessageCommand({
      QueueUrl: this.#url,
      MaxNumberOfMessages: BATCH,
      WaitTimeSeconds: WAIT_SECONDS,
      MessageSystemAttributeNames: ['SentTimestamp'],
    });
    const answered = this.#call('ReceiveMessage', (abort) => this.#client.send(command, abort));
    const answer = await orStopped(answered, stop);
    return answer?.Messages ?? [];
  }

  /** The record of a message that is of this run and came for the first time. */
  #recordOf({ MessageId: id, Body: body = '', Attributes }: Message): VerdictRecord | undefined {
    const { events } = this.#dependencies;
    const arrivedAt = Number(Attributes?.SentTimestamp ?? Number.NaN);
    const { unwrap, isBinary } = this.#content;
    const inside = unwrap && unwrapped(unwrap, body);
    // SNS and EventBridge deliver at least once, too: then the queue gives their message another id.
    const ids = [id, inside?.deliveryId].filter((one) => one !== undefined);
    const areKnown = ids.map((one) => this.#seen.hasSeen(one));
    if (areKnown.includes(true)) {
      events.redelivered();
      return undefined;
    }
    if (arrivedAt < this.#beganAt) {
      events.backlog();
      return undefined;
    }
    const data = inside?.data ?? Buffer.from(body);
    // A message is text: binary ones are Base64 within it.
    const bytes = isBinary ? Buffer.from(data.toString('latin1'), 'base64') : data;
    return { data: bytes, arrivedAt, isInRange: true };
  }

  /** Deletes messages with one try: what fails comes again, is known, and is deleted then. */
  async #delete(messages: readonly Message[]): Promise<void> {
    const entries = messages.flatMap(({ ReceiptHandle }, index) =>
      ReceiptHandle === undefined ? [] : [{ Id: String(index), ReceiptHandle }],
    );
    if (entries.length === 0) return;
    const { events } = this.#dependencies;
    const command = new this.#sdk.DeleteMessageBatchCommand({
      QueueUrl: this.#url,
      Entries: entries,
    });
    try {
      const { Failed = [] } = await this.#client.send(command);
      for (const { Code } of Failed) events.readFailed(Code ?? 'Unknown');
    } catch (cause) {
      const error = callError(cause, this.#called);
      if (error.code !== 'unreachable') throw error;
      events.readFailed('DeleteMessageBatch');
    }
  }

  #noteClock(response: unknown): void {
    const { headers } = Object(response) as { headers?: Readonly<Record<string, string>> };
    const at = Date.parse(headers?.date ?? '');
    if (this.#beganAt === Number.NEGATIVE_INFINITY && !Number.isNaN(at)) this.#beganAt = at;
  }
}
