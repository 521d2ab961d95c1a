import { after } from 'node:test';
import {
  type EmbeddedKinesis,
  type EmbeddedKinesisSettings,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';

const running: EmbeddedKinesis[] = [];
after(() => Promise.all(running.map((kinesis) => kinesis.close())));

/** A running Kinesis with one stream and no limits, unless told otherwise; closed after the tests. */
export async function started(settings: EmbeddedKinesisSettings = {}): Promise<EmbeddedKinesis> {
  const streams = { transactions: 1 };
  const kinesis = await startEmbeddedKinesis({ streams, shardLimits: 'none', ...settings });
  running.push(kinesis);
  return kinesis;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

/** One call of the API; rejects when no answer comes. */
export async function call(
  { url }: EmbeddedKinesis,
  action: string,
  fields: object,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'x-amz-target': `Kinesis_20131202.${action}` },
    body: JSON.stringify(fields),
    ...(signal && { signal }),
  });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}

/** The names of the consumers of a stream; those that are being deleted are listed for a moment, and left out. */
export async function consumersOf(
  kinesis: EmbeddedKinesis,
  StreamARN: string,
): Promise<readonly string[]> {
  const { body } = await call(kinesis, 'ListStreamConsumers', { StreamARN });
  const all = body.Consumers as readonly { ConsumerName: string; ConsumerStatus: string }[];
  return all.flatMap((one) => (one.ConsumerStatus === 'DELETING' ? [] : one.ConsumerName));
}

/** PutRecords of so many entries with data of so many bytes. */
export const put = (kinesis: EmbeddedKinesis, count: number, bytes = 10): Promise<Answer> => {
  const Data = Buffer.alloc(bytes, 'x').toString('base64');
  const Records = Array.from({ length: count }, (_, n) => ({ PartitionKey: `${n}`, Data }));
  return call(kinesis, 'PutRecords', { StreamName: 'transactions', Records });
};

/** What each entry of a request became: its error's name, or `ok`. */
export const outcomes = ({ body }: Answer): readonly string[] =>
  (body.Records as { ErrorCode?: string }[]).map(({ ErrorCode }) => ErrorCode ?? 'ok');

/** What one read from the oldest record of the first shard answers. */
export async function records(
  kinesis: EmbeddedKinesis,
): Promise<readonly { SequenceNumber: string }[]> {
  const place = { StreamName: 'transactions', ShardId: 'shardId-000000000000' };
  const { body } = await call(kinesis, 'GetShardIterator', {
    ...place,
    ShardIteratorType: 'TRIM_HORIZON',
  });
  const answer = await call(kinesis, 'GetRecords', { ShardIterator: body.ShardIterator });
  return answer.body.Records as { SequenceNumber: string }[];
}
