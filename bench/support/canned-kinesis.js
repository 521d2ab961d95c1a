// A Kinesis that answers at once and keeps nothing: the ceiling of a producer on loopback.
// It reads each request whole, counts its entries, and acknowledges them all in one shard of four.
import { createServer } from 'node:http';

const shards = Array.from({ length: 4 }, (_, index) => {
  const width = 2n ** 126n;
  return {
    ShardId: `shardId-00000000000${index}`,
    HashKeyRange: {
      StartingHashKey: String(width * BigInt(index)),
      EndingHashKey: String(width * BigInt(index + 1) - 1n),
    },
    SequenceNumberRange: { StartingSequenceNumber: '1' },
  };
});
const hashKey = Buffer.from('"ExplicitHashKey":"');
const partitionKey = Buffer.from('"PartitionKey":"');

/**
 * Each entry lands where its explicit hash key says, so that no producer sees a wrong shard.
 * The SDK writes the members of an entry in alphabetical order: data, hash key, partition key.
 */
function landed(body) {
  const results = [];
  let hashAt = body.indexOf(hashKey);
  for (let at = body.indexOf(partitionKey); at >= 0; at = body.indexOf(partitionKey, at + 16)) {
    let shard = 0;
    if (hashAt >= 0 && hashAt < at) {
      const start = hashAt + hashKey.length;
      shard = Number(BigInt(body.toString('latin1', start, body.indexOf(34, start))) >> 126n);
      hashAt = body.indexOf(hashKey, at);
    }
    results.push(shards[shard].ShardId);
  }
  return results;
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const action = String(request.headers['x-amz-target']).split('.')[1];
    let answer = { Shards: shards };
    if (action === 'PutRecords') {
      const Records = landed(Buffer.concat(parts)).map((ShardId) => ({
        SequenceNumber: '49545115243490985018280067714973144582180062593244200961',
        ShardId,
      }));
      answer = { FailedRecordCount: 0, Records };
    }
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify(answer));
  });
});

server.listen(0, '127.0.0.1', () => {
  process.send?.(server.address().port);
});
process.on('disconnect', () => process.exit(0));
