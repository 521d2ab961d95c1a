package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.ShardListing;
import io.fraudstream.kinesis.StreamAddress;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** Reads a stream of Kinesis by the asynchronous client of the AWS SDK. */
final class KinesisReads implements StreamReads {
  private final StreamAddress address;
  private final KinesisAsyncClient client;

  KinesisReads(StreamAddress address) {
    this.address = address;
    this.client = address.client();
  }

  @Override
  public CompletableFuture<String> iterator(String shardId, Position position) {
    GetShardIteratorRequest.Builder request =
        GetShardIteratorRequest.builder()
            .streamARN(address.arn())
            .streamName(address.name())
            .shardId(shardId);
    switch (position.kind()) {
      case TRIM_HORIZON -> request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
      case AT_TIMESTAMP ->
          request
              .shardIteratorType(ShardIteratorType.AT_TIMESTAMP)
              .timestamp(Instant.ofEpochMilli(position.at()));
      case AFTER_SEQUENCE ->
          request
              .shardIteratorType(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
              .startingSequenceNumber(position.after());
      case SHARD_END -> throw new IllegalStateException(shardId + " has been read to its end.");
    }
    return client
        .getShardIterator(request.build())
        .thenApply(GetShardIteratorResponse::shardIterator);
  }

  @Override
  public CompletableFuture<GetRecordsResponse> records(String iterator, int limit) {
    return client.getRecords(
        request -> request.streamARN(address.arn()).shardIterator(iterator).limit(limit));
  }

  @Override
  public CompletableFuture<List<ShardLedger.Listed>> shards() {
    return ShardListing.of(client, address)
        .thenApply(shards -> shards.stream().map(KinesisReads::listed).toList());
  }

  private static ShardLedger.Listed listed(Shard shard) {
    Set<String> parents = new LinkedHashSet<>();
    if (shard.parentShardId() != null) parents.add(shard.parentShardId());
    if (shard.adjacentParentShardId() != null) parents.add(shard.adjacentParentShardId());
    return new ShardLedger.Listed(shard.shardId(), parents);
  }

  @Override
  public void close() {
    client.close();
  }
}
