import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  type PutRecordCommandOutput,
  type Shard,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startEmbeddedKinesis } from '../../dist/emulators/kinesis/embedded-kinesis.js';
import { startKinesisLocal } from './kinesis-local.ts';

/** What the tool and its users rely on: ours must do it as a Kinesis that others wrote does. */
const kinds = {
  'the embedded Kinesis': () => startEmbeddedKinesis({ shardLimits: 'none', transitionMs: 20 }),
  'kinesis-local': startKinesisLocal,
};
export const LAST_KEY = 2n ** 128n - 1n;

/** States the same of each Kinesis; `kinesis()` is the one in question, once a test runs. */
export function onEachKinesis(state: (kinesis: () => AskedKinesis) => void): void {
  for (const [kind, start] of Object.entries(kinds)) {
    describe(kind, () => {
      let asked: AskedKinesis;
      let close = async (): Promise<void> => undefined;
      before(async () => {
        const kinesis = await start();
        close = () => kinesis.close();
        asked = new AskedKinesis(kinesis.url);
      });
      after(async () => {
        asked.sdk.destroy();
        await close();
      });
      state(() => asked);
    });
  }
}

/** A Kinesis as the AWS SDK sees it. */
export class AskedKinesis {
  readonly sdk: KinesisClient;
  #streams = 0;

  constructor(endpoint: string) {
    this.sdk = new KinesisClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestHandler: new NodeHttpHandler(),
      maxAttempts: 1,
    });
  }

  /** A new stream's name, once it is ACTIVE. */
  async stream(ShardCount: number): Promise<string> {
    this.#streams += 1;
    const StreamName = `contract-${this.#streams}`;
    await this.sdk.send(new CreateStreamCommand({ StreamName, ShardCount }));
    await this.active(StreamName);
    return StreamName;
  }

  async summary(StreamName: string): Promise<StreamDescriptionSummary | undefined> {
    const answer = await this.sdk.send(new DescribeStreamSummaryCommand({ StreamName }));
    return answer.StreamDescriptionSummary;
  }

  /** Resolves when a stream is ACTIVE again: its changes take a moment. */
  async active(name: string): Promise<void> {
    while ((await this.summary(name))?.StreamStatus !== 'ACTIVE') await moment();
  }

  async shardsOf(StreamName: string): Promise<readonly Shard[]> {
    return (await this.sdk.send(new ListShardsCommand({ StreamName }))).Shards ?? [];
  }

  /** Puts a record whose data are its partition key. */
  put(name: string, key: string, explicitHashKey?: string): Promise<PutRecordCommandOutput> {
    const record = { StreamName: name, PartitionKey: key, Data: Buffer.from(key) };
    const explicit = explicitHashKey === undefined ? {} : { ExplicitHashKey: explicitHashKey };
    return this.sdk.send(new PutRecordCommand({ ...record, ...explicit }));
  }

  async iterator(
    input: Omit<GetShardIteratorCommandInput, 'ShardId'> & { ShardId: string | undefined },
  ): Promise<string> {
    return (await this.sdk.send(new GetShardIteratorCommand(input))).ShardIterator ?? '';
  }

  /** All that can be read from an iterator until there is nothing more, and the last answer. */
  async read(from: string): Promise<readonly [string[], GetRecordsCommandOutput]> {
    const data: string[] = [];
    let ShardIterator: string | undefined = from;
    for (;;) {
      const answer: GetRecordsCommandOutput = await this.sdk.send(
        new GetRecordsCommand({ ShardIterator }),
      );
      const records = answer.Records ?? [];
      data.push(...records.map(({ Data }) => Buffer.from(Data ?? []).toString()));
      ShardIterator = answer.NextShardIterator;
      if (!ShardIterator || records.length === 0) return [data, answer];
    }
  }

  /** All that a shard holds. */
  async all(StreamName: string, ShardId: string | undefined): Promise<readonly string[]> {
    const place = { StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON' } as const;
    return (await this.read(await this.iterator(place)))[0];
  }
}

/** The answer is an error of this name. */
export function fails(name: string, answer: Promise<unknown>): Promise<void> {
  return assert.rejects(answer, { name });
}

/** Lets the other side have its turn. */
export function moment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 5));
}
