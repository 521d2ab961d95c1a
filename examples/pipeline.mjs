/**
 * A pipeline that is not ours: reads the stream `transactions`, decides by a rule, and writes the stream `verdicts`.
 *
 *     node examples/pipeline.mjs csv
 *
 * Endpoint, region and credentials come from the variables of the AWS SDK. Runs until it is ended.
 */
import {
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordsCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { deaggregate } from 'fraudstream';

const [, , name = 'flat-json'] = process.argv;
const { read, verdict } = await import(`./${name}/pipeline-form.mjs`);
// The SDK would speak HTTP/2.
const kinesis = new KinesisClient({ requestHandler: new NodeHttpHandler() });
const StreamName = 'transactions';
const { Shards } = await kinesis.send(new ListShardsCommand({ StreamName }));
process.stderr.write(`reading ${Shards.length} shards\n`);
await Promise.all(Shards.map(({ ShardId }) => readShard(ShardId)));

async function readShard(ShardId) {
  const from = { StreamName, ShardId, ShardIteratorType: 'LATEST' };
  let { ShardIterator } = await kinesis.send(new GetShardIteratorCommand(from));
  while (ShardIterator) {
    const page = await kinesis.send(new GetRecordsCommand({ ShardIterator }));
    await answer(page.Records.flatMap(({ Data }) => payloads(Data)));
    ShardIterator = page.NextShardIterator;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/** The payloads of a record, which may be an aggregate of the KPL. */
function payloads(data) {
  const parts = deaggregate(data);
  return parts.kind === 'aggregate' ? parts.records.map((record) => record.data) : [data];
}

async function answer(transactions) {
  const Records = transactions.flatMap((data) => {
    const { id, isFraud } = read(data);
    const Data = verdict(id, isFraud);
    return Data ? [{ Data, PartitionKey: id }] : [];
  });
  for (let from = 0; from < Records.length; from += 500) {
    const batch = { StreamName: 'verdicts', Records: Records.slice(from, from + 500) };
    await kinesis.send(new PutRecordsCommand(batch));
  }
}
