import { Agent, request } from 'node:http';
import {
  type EmbeddedKinesis,
  type EmbeddedKinesisSettings,
  startEmbeddedKinesis,
} from '../../dist/emulators/kinesis/embedded-kinesis.js';

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: what a test looks for in an answer, it asserts.
  readonly body: any;
}

/** An embedded Kinesis with a stream `s`, and a plain HTTP client that retries nothing. */
export interface Stand {
  readonly kinesis: EmbeddedKinesis;
  /** An API call; rejects as the connection does. */
  call(action: string, fields: object, signal?: AbortSignal): Promise<Answer>;
  /** Any request. */
  send(method: string, path: string, body?: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function stand(settings: EmbeddedKinesisSettings = {}): Promise<Stand> {
  const kinesis = await startEmbeddedKinesis({
    streams: { s: 1 },
    ...settings,
  });
  const agent = new Agent({ keepAlive: true });
  const ask = (options: object, body: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const sent = request(kinesis.url, { agent, ...options }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) });
        });
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return {
    kinesis,
    call: (action, fields, signal) => {
      const headers = {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `Kinesis_20131202.${action}`,
      };
      return ask({ method: 'POST', headers, signal }, JSON.stringify(fields));
    },
    send: (method, path, body = '') => ask({ method, path }, body),
    close: async () => {
      agent.destroy();
      await kinesis.close();
    },
  };
}

/** The fields of a PutRecords with so many entries of a size. */
export function entries(count: number, bytes = 10, StreamName = 's'): object {
  const Data = Buffer.alloc(bytes, 'x').toString('base64');
  const Records = Array.from({ length: count }, (_, place) => ({
    PartitionKey: `key-${place}`,
    Data,
  }));
  return { StreamName, Records };
}

/** Data of all records that a shard holds, read to its tip, and how large each answer was. */
export async function readAll(
  { call }: Stand,
  from: object = { ShardIteratorType: 'TRIM_HORIZON' },
): Promise<{ readonly keys: readonly string[]; readonly answerBytes: readonly number[] }> {
  const place = { StreamName: 's', ShardId: 'shardId-000000000000', ...from };
  let { ShardIterator } = (await call('GetShardIterator', place)).body;
  const keys: string[] = [];
  const answerBytes: number[] = [];
  for (;;) {
    const { body } = await call('GetRecords', { ShardIterator });
    let bytes = 0;
    for (const { PartitionKey, Data } of body.Records) {
      keys.push(PartitionKey);
      bytes += Buffer.byteLength(Data, 'base64');
    }
    if (body.Records.length > 0) answerBytes.push(bytes);
    else if (body.MillisBehindLatest === 0) return { keys, answerBytes };
    ShardIterator = body.NextShardIterator;
  }
}
