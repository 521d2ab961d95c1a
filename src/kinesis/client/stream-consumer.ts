import {
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  DescribeStreamSummaryCommand,
  type KinesisClient,
  RegisterStreamConsumerCommand,
} from '@aws-sdk/client-kinesis';
import { FraudstreamError, messageOf } from '../../errors.ts';
import type { Clock } from '../../stream/clock.ts';
import { withRetries } from '../retries.ts';
import { textIn } from './answers.ts';
import { type CallTarget, orServiceError, serviceError } from './service-error.ts';
import { addressOf } from './stream-client.ts';

/** A consumer of a stream that may be subscribed with. `isOwn`: this process registered it. */
export interface StreamConsumer {
  readonly name: string;
  readonly arn: string;
  readonly isOwn: boolean;
}

interface Dependencies {
  readonly clock: Clock;
  readonly stop: AbortSignal;
}

/** What the role needs for enhanced fan-out. */
export const FAN_OUT_PERMISSIONS =
  'kinesis:ListShards, kinesis:DescribeStreamSummary, kinesis:RegisterStreamConsumer, kinesis:DescribeStreamConsumer, kinesis:SubscribeToShard and kinesis:DeregisterStreamConsumer';

/** A consumer is ACTIVE after seconds; so long it is waited for. */
const ACTIVE_MS = 60_000;
const ASK_EVERY_MS = 500;
/** Limits on consumers may pass: others are registered at the same time. */
const TRIES = 5;

/**
 * Returns the consumer of a stream by its name, ACTIVE; it is registered if it is not there.
 *
 * Errors: those of the service; `unreachable` for a stream that takes no more consumers, and for a consumer that
 * does not become ACTIVE; `stopped`. A consumer that was registered for nothing is deregistered.
 */
export async function activeConsumer(
  sdk: KinesisClient,
  name: string,
  target: CallTarget,
  dependencies: Dependencies,
): Promise<StreamConsumer> {
  const { clock, stop } = dependencies;
  const streamArn = await arnOf(sdk, target, dependencies);
  const consumer = { StreamARN: streamArn, ConsumerName: name };
  const giveUpAt = clock.now() + ACTIVE_MS;
  const pause = async (status: string | undefined): Promise<void> => {
    if (clock.now() >= giveUpAt) throw notActive(name, status);
    await clock.sleep(ASK_EVERY_MS, stop);
    if (stop.aborted) throw stopped();
  };
  let own: { readonly arn: string | undefined } | undefined;
  try {
    for (;;) {
      const found = await described(sdk, consumer, target, dependencies);
      if (found?.status === 'ACTIVE') return { name, arn: found.arn, isOwn: own !== undefined };
      if (!found)
        own = { arn: (await registered(sdk, consumer, target, dependencies)) ?? own?.arn };
      await pause(found?.status);
    }
  } catch (error) {
    if (own?.arn !== undefined) await deregister(sdk, own.arn).catch(() => undefined);
    throw error;
  }
}

/**
 * Deregisters a consumer, and looks whether it is: the answer has no fields, so that
 * an answer that is not from Kinesis cannot be recognized. Errors: `unreachable` when it is still there, with what to do.
 */
export async function deregisterConsumer(
  sdk: KinesisClient,
  { name, arn }: StreamConsumer,
  clock: Clock,
): Promise<void> {
  const call = async (): Promise<void> => {
    try {
      await deregister(sdk, arn);
      const status = await statusOf(sdk, arn);
      if (status !== 'DELETING') throw new Error(`it is ${status} after the call`);
    } catch (cause) {
      if (nameOf(cause) === 'ResourceNotFoundException') return;
      const message = `Consumer "${name}" could not be deregistered (${nameOf(cause)}: ${messageOf(cause)}). It is billed until it is removed: aws kinesis deregister-stream-consumer --consumer-arn ${arn}`;
      throw new FraudstreamError('unreachable', message, { cause });
    }
  };
  await withRetries('DeregisterStreamConsumer', call, { clock, tries: 3 });
}

/** Errors: those of the SDK; ResourceNotFoundException once the consumer is gone. */
async function statusOf(sdk: KinesisClient, ConsumerARN: string): Promise<string> {
  const { ConsumerDescription: found } = await sdk.send(
    new DescribeStreamConsumerCommand({ ConsumerARN }),
  );
  return textIn('DescribeStreamConsumer', 'ConsumerStatus', found?.ConsumerStatus);
}

async function deregister(sdk: KinesisClient, ConsumerARN: string): Promise<void> {
  await sdk.send(new DeregisterStreamConsumerCommand({ ConsumerARN }));
}

async function arnOf(
  sdk: KinesisClient,
  target: CallTarget,
  dependencies: Dependencies,
): Promise<string> {
  const address = addressOf(target.stream);
  if ('StreamARN' in address) return address.StreamARN;
  const call = async (): Promise<string> => {
    const { StreamDescriptionSummary } = await sdk.send(new DescribeStreamSummaryCommand(address));
    return textIn('DescribeStreamSummary', 'StreamARN', StreamDescriptionSummary?.StreamARN);
  };
  return withRetries('DescribeStreamSummary', () => orServiceError(call(), target), {
    ...dependencies,
    isFirstCall: true,
  });
}

interface Described {
  readonly arn: string;
  readonly status: string | undefined;
}

/** A consumer as it is registered; `undefined` when it is not. */
function described(
  sdk: KinesisClient,
  consumer: { readonly StreamARN: string; readonly ConsumerName: string },
  target: CallTarget,
  dependencies: Dependencies,
): Promise<Described | undefined> {
  const call = async (): Promise<Described | undefined> => {
    try {
      const { ConsumerDescription: found } = await sdk.send(
        new DescribeStreamConsumerCommand(consumer),
      );
      const arn = textIn('DescribeStreamConsumer', 'ConsumerARN', found?.ConsumerARN);
      return { arn, status: found?.ConsumerStatus };
    } catch (error) {
      if (nameOf(error) === 'ResourceNotFoundException') return undefined;
      throw serviceError(error, target);
    }
  };
  return withRetries('DescribeStreamConsumer', call, { ...dependencies, isFirstCall: true });
}

/** The ARN of a consumer after it was registered; `undefined` if another call has registered it before. */
function registered(
  sdk: KinesisClient,
  consumer: { readonly StreamARN: string; readonly ConsumerName: string },
  target: CallTarget,
  dependencies: Dependencies,
): Promise<string | undefined> {
  const call = async (): Promise<string | undefined> => {
    // It may have been registered though the call is given up.
    const registering = sdk.send(new RegisterStreamConsumerCommand(consumer));
    registering
      .then(({ Consumer }) => {
        const arn = Consumer?.ConsumerARN;
        if (dependencies.stop.aborted && arn) return deregister(sdk, arn);
      })
      .catch(() => undefined);
    try {
      return (await registering).Consumer?.ConsumerARN;
    } catch (error) {
      // An answer that was lost: the next look finds it.
      if (nameOf(error) === 'ResourceInUseException') return undefined;
      if (nameOf(error) === 'LimitExceededException') throw tooMany(error, target);
      throw serviceError(error, target);
    }
  };
  return withRetries('RegisterStreamConsumer', call, { ...dependencies, tries: TRIES });
}

function tooMany(cause: unknown, { stream }: CallTarget): FraudstreamError {
  const message = `Stream "${stream}" takes no further consumer (LimitExceededException: ${messageOf(cause)}). Deregister one that is not used (aws kinesis list-stream-consumers), or give its name as --consumer-name.`;
  return new FraudstreamError('unreachable', message, { cause });
}

function notActive(name: string, status = 'CREATING'): FraudstreamError {
  const message = `Consumer "${name}" is ${status}, not ACTIVE, after ${ACTIVE_MS / 1_000} s. Try again later, or give another --consumer-name.`;
  return new FraudstreamError('unreachable', message);
}

function stopped(): FraudstreamError {
  return new FraudstreamError('stopped', 'Stopped before the consumer was ACTIVE.');
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'Unknown';
}
