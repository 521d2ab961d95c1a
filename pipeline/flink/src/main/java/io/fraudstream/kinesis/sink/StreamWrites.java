package io.fraudstream.kinesis.sink;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** What the sink asks of one stream; each request is made once. */
interface StreamWrites extends AutoCloseable {
  CompletableFuture<PutRecordsResponse> put(List<PutRecordsRequestEntry> entries);

  CompletableFuture<ShardMap> shards();

  /** How many bytes a record may have, data and key together. */
  CompletableFuture<Integer> recordBytes();

  @Override
  void close();
}
