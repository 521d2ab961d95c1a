import type { KinesisRequest, Operation } from './request.ts';
import { seconds } from './request.ts';
import type { Store } from './store.ts';
import { type StoredConsumer, statusOf, streamArnOf } from './stream-consumers.ts';

const CONSUMERS_A_PAGE = 100;

/** Registering of consumers. Source: Kinesis API reference. */
export const consumerControl: Readonly<Record<string, Operation>> = {
  RegisterStreamConsumer(request, store, now) {
    const stream = store.stream(undefined, request.text('StreamARN'), now);
    return { Consumer: heading(stream.consumers.register(request.text('ConsumerName'), now), now) };
  },
  DescribeStreamConsumer(request, store, now) {
    const consumer = consumerOf(request, store, now);
    const StreamARN = streamArnOf(consumer.arn);
    return { ConsumerDescription: { ...heading(consumer, now), StreamARN } };
  },
  DeregisterStreamConsumer(request, store, now) {
    const consumer = consumerOf(request, store, now);
    const stream = store.stream(undefined, streamArnOf(consumer.arn), now);
    stream.consumers.deregister(consumer, now);
    for (const shard of stream.shards) shard.changed();
    return {};
  },
  ListStreamConsumers(request, store, now) {
    const stream = store.stream(undefined, request.text('StreamARN'), now);
    const limit = request.number('MaxResults', [1, 10_000], CONSUMERS_A_PAGE);
    const after = request.optionalText('NextToken') ?? '';
    const rest = [...stream.consumers.all(now)]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => name > after);
    const page = rest.slice(0, limit);
    return {
      Consumers: page.map((consumer) => heading(consumer, now)),
      ...(rest.length > page.length && { NextToken: page.at(-1)?.name }),
    };
  },
};

function consumerOf(request: KinesisRequest, store: Store, now: number): StoredConsumer {
  const arn = request.optionalText('ConsumerARN');
  const streamArn = arn === undefined ? request.text('StreamARN') : streamArnOf(arn);
  const { consumers } = store.stream(undefined, streamArn, now);
  if (arn !== undefined) return consumers.byArn(arn, now);
  return consumers.byName(request.text('ConsumerName'), now);
}

function heading(consumer: StoredConsumer, now: number): object {
  return {
    ConsumerName: consumer.name,
    ConsumerARN: consumer.arn,
    ConsumerStatus: statusOf(consumer, now),
    ConsumerCreationTimestamp: seconds(consumer.createdAt),
  };
}
