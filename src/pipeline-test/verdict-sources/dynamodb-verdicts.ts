import type {
  DynamoDBStreamsClient,
  Shard as ListedShard,
  _Record as ReceivedRecord,
} from '@aws-sdk/client-dynamodb-streams';
import { FraudstreamError } from '../../errors.ts';
import { guardCalls } from '../../http/sdk-client.ts';
import { invalidResponse, listIn, textIn } from '../../kinesis/client/answers.ts';
import { troubleOf } from '../../kinesis/client/service-error.ts';
import type { Shard } from '../../kinesis/put-client.ts';
import type { Position, ReadClient, ReadEntry, RecordPage } from '../../kinesis/read-client.ts';
import { optionalPackage } from '../../optional-package.ts';
import { itemJson } from './attribute-values.ts';
import { shardVerdicts } from './shard-verdicts.ts';
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
  type SourceEvents,
  serviceSecond,
  type VerdictReading,
  type VerdictSource,
} from './verdict-source.ts';

type Sdk = typeof import('@aws-sdk/client-dynamodb-streams');

/** Records and bytes of an answer at most. Source: DynamoDB Streams API reference, GetRecords; JSON of 1 MB of items. */
const LIMIT = 1_000;
const ANSWER_BYTES = 16 * 1_048_576;
const MAX_CONNECTIONS = 16;
/** DynamoDB Streams has no hash keys: each shard stands for all of them. */
const NO_RANGE = { startingHashKey: '0', endingHashKey: String(2n ** 128n - 1n) };
/** Events of one shard that lie before its first record that is still kept. */
const TRIMMED = 'TrimmedDataAccessException';

/**
 * Verdicts that are written as items of a DynamoDB table, by its stream, from its end on.
 *
 * Each insertion or change of an item is one record: its new image as plain JSON. Deletions are passed over. Arrival is
 * `ApproximateCreationDateTime`, which has whole seconds.
 * Errors: `usage` without `@aws-sdk/client-dynamodb-streams`; from `open`, `bad-config` for a table without a stream of
 * new images.
 */
export async function dynamoDbVerdicts(
  table: string,
  location: ServiceLocation,
): Promise<VerdictSource> {
  const sdk = await optionalPackage(
    { name: '@aws-sdk/client-dynamodb-streams', purpose: 'Reading a stream of DynamoDB' },
    () => import('@aws-sdk/client-dynamodb-streams'),
  );
  const name = `table ${table.split('/').at(-1)}`;
  const open = async (dependencies: SourceDependencies): Promise<VerdictReading> => {
    const client = new sdk.DynamoDBStreamsClient(
      clientSettings(location, { maxConnections: MAX_CONNECTIONS, maxAnswerBytes: ANSWER_BYTES }),
    );
    guardCalls(client, longestCallMs(location));
    dependencies.stop.addEventListener('abort', () => client.destroy(), { once: true });
    const called: CalledService = {
      service: 'DynamoDB Streams',
      subject: `The stream of table "${table}"`,
      location,
      permissions:
        'dynamodb:ListStreams, dynamodb:DescribeStream, dynamodb:GetShardIterator and dynamodb:GetRecords on the stream of the table',
    };
    const call = callsOf(called, dependencies);
    try {
      const arn = await streamOf(sdk, client, table, call);
      const reads = new TableStream(sdk, client, arn, called, dependencies.events);
      const settings = { arrival: serviceSecond, limit: LIMIT };
      return await shardVerdicts(reads, name, settings).open(dependencies);
    } catch (error) {
      client.destroy();
      throw error;
    }
  };
  return { location: name, arrival: serviceSecond, isOrdered: false, open };
}

/** The ARN of the stream that is enabled. Errors: `bad-config` without one that has new images. */
async function streamOf(
  sdk: Sdk,
  client: DynamoDBStreamsClient,
  table: string,
  call: Call,
): Promise<string> {
  const names: string[] = [];
  let last: string | undefined;
  do {
    const command = new sdk.ListStreamsCommand({
      TableName: table.split('/').at(-1),
      ...(last !== undefined && { ExclusiveStartStreamArn: last }),
    });
    const answer = await call('ListStreams', (abort) => client.send(command, abort), true);
    names.push(
      ...listIn('ListStreams', 'Streams', answer.Streams).flatMap(
        ({ StreamArn }) => StreamArn ?? [],
      ),
    );
    last = answer.LastEvaluatedStreamArn;
  } while (last !== undefined);
  const views: string[] = [];
  for (const arn of names) {
    const command = new sdk.DescribeStreamCommand({ StreamArn: arn, Limit: 1 });
    const { StreamDescription } = await call('DescribeStream', (abort) =>
      client.send(command, abort),
    );
    const { StreamStatus: status, StreamViewType: view = '' } = StreamDescription ?? {};
    if (status !== 'ENABLED' && status !== 'ENABLING') continue;
    if (/^NEW_(IMAGE|AND_OLD_IMAGES)$/.test(view)) return arn;
    views.push(view);
  }
  const found = views[0] === undefined ? 'has no stream' : `has a stream of ${views[0]}`;
  const message = `Table "${table}" ${found}. Verdicts are read from new images: run "aws dynamodb update-table --table-name ${table} --stream-specification StreamEnabled=true,StreamViewType=NEW_IMAGE".`;
  throw new FraudstreamError('bad-config', message);
}

/** The stream of a table, as the consumer of Kinesis reads it. */
class TableStream implements ReadClient {
  readonly #sdk: Sdk;
  readonly #client: DynamoDBStreamsClient;
  readonly #arn: string;
  readonly #called: CalledService;
  readonly #events: SourceEvents;
  /** Records that were made before are backlog; in whole seconds. */
  #from = Number.NEGATIVE_INFINITY;

  constructor(
    sdk: Sdk,
    client: DynamoDBStreamsClient,
    arn: string,
    called: CalledService,
    events: SourceEvents,
  ) {
    this.#sdk = sdk;
    this.#client = client;
    this.#arn = arn;
    this.#called = called;
    this.#events = events;
  }

  async listShards(): Promise<readonly Shard[]> {
    try {
      const shards: Shard[] = [];
      const asked = new Set<string>();
      let last: string | undefined;
      do {
        const command = new this.#sdk.DescribeStreamCommand({
          StreamArn: this.#arn,
          ...(last !== undefined && { ExclusiveStartShardId: last }),
        });
        const { StreamDescription: description } = await this.#client.send(command);
        shards.push(...listIn('DescribeStream', 'Shards', description?.Shards).map(shardOf));
        last = description?.LastEvaluatedShardId;
        if (last !== undefined && asked.has(last)) {
          throw invalidResponse('DescribeStream', 'repeats its LastEvaluatedShardId');
        }
        if (last !== undefined) asked.add(last);
      } while (last !== undefined);
      return shards;
    } catch (error) {
      throw callError(error, this.#called);
    }
  }

  async iterator(shardId: string, position: Position): Promise<string | undefined> {
    // No instants: the reading begins at the oldest record, and passes over those before the instant.
    if (typeof position === 'object' && 'timestamp' in position) {
      this.#from = Math.floor(position.timestamp / 1_000) * 1_000;
    }
    const command = new this.#sdk.GetShardIteratorCommand({
      StreamArn: this.#arn,
      ShardId: shardId,
      ...whence(position),
    });
    try {
      return (await this.#client.send(command)).ShardIterator || undefined;
    } catch (error) {
      throw callError(error, this.#called);
    }
  }

  async records(iterator: string, limit: number): Promise<RecordPage> {
    try {
      const command = new this.#sdk.GetRecordsCommand({ ShardIterator: iterator, Limit: limit });
      const { Records, NextShardIterator } = await this.#client.send(command);
      return {
        entries: listIn('GetRecords', 'Records', Records).flatMap((record) =>
          this.#entryOf(record),
        ),
        next: NextShardIterator || undefined,
        behindMs: 0,
        // Only a closed shard that was read to its end has no further iterator.
        ...(!NextShardIterator && { childShardIds: [] }),
      };
    } catch (error) {
      const trouble = troubleOf(error);
      const code = trouble.code === TRIMMED ? 'ExpiredIteratorException' : trouble.code;
      const isIterator = code === 'ExpiredIteratorException';
      const failed = callError(error, this.#called);
      if (failed.code !== 'unreachable' && !isIterator) throw failed;
      return {
        entries: [],
        next: undefined,
        behindMs: 0,
        failure: { code, message: trouble.message },
      };
    }
  }

  /** The new image of an insertion or a change; nothing for a deletion. */
  #entryOf({ dynamodb }: ReceivedRecord): readonly ReadEntry[] {
    if (!dynamodb?.NewImage) return [];
    const at = dynamodb.ApproximateCreationDateTime?.getTime() ?? Number.NaN;
    if (at < this.#from) {
      this.#events.backlog();
      return [];
    }
    try {
      return [
        {
          sequenceNumber: textIn('GetRecords', 'SequenceNumber', dynamodb.SequenceNumber),
          partitionKey: '',
          data: Buffer.from(itemJson(dynamodb.NewImage)),
          arrivedAt: at,
        },
      ];
    } catch {
      this.#events.readFailed('UnreadableItem');
      return [];
    }
  }
}

function shardOf({ ShardId, ParentShardId, SequenceNumberRange }: ListedShard): Shard {
  return {
    ...NO_RANGE,
    shardId: textIn('DescribeStream', 'ShardId', ShardId),
    isOpen: SequenceNumberRange?.EndingSequenceNumber === undefined,
    parentShardIds: ParentShardId === undefined ? [] : [ParentShardId],
  };
}

function whence(position: Position): {
  readonly ShardIteratorType: 'LATEST' | 'TRIM_HORIZON' | 'AT_SEQUENCE_NUMBER';
  readonly SequenceNumber?: string;
} {
  if (position === 'latest') return { ShardIteratorType: 'LATEST' };
  if (typeof position === 'string' || 'timestamp' in position) {
    return { ShardIteratorType: 'TRIM_HORIZON' };
  }
  return { ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: position.sequenceNumber };
}
