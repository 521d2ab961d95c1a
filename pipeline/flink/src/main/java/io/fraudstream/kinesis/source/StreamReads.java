package io.fraudstream.kinesis.source;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;

/** What the source asks of Kinesis; each request is made once. */
interface StreamReads extends AutoCloseable {
  /** An iterator of a shard from a position on. */
  CompletableFuture<String> iterator(String shardId, Position position);

  CompletableFuture<GetRecordsResponse> records(String iterator, int limit);

  /** All shards of the stream, open and closed. */
  CompletableFuture<List<ShardLedger.Listed>> shards();

  @Override
  void close();
}
