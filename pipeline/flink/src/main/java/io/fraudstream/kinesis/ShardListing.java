package io.fraudstream.kinesis;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** All shards of a stream, open and closed, page after page. */
public final class ShardListing {
  private ShardListing() {}

  public static CompletableFuture<List<Shard>> of(
      KinesisAsyncClient client, StreamAddress address) {
    ListShardsRequest first =
        ListShardsRequest.builder().streamARN(address.arn()).streamName(address.name()).build();
    return from(client, first, new ArrayList<>());
  }

  private static CompletableFuture<List<Shard>> from(
      KinesisAsyncClient client, ListShardsRequest request, List<Shard> found) {
    return client
        .listShards(request)
        .thenCompose(
            answer -> {
              found.addAll(answer.shards());
              if (answer.nextToken() == null) return CompletableFuture.completedFuture(found);
              // The token stands for the stream, which must not be named beside it.
              return from(
                  client, ListShardsRequest.builder().nextToken(answer.nextToken()).build(), found);
            });
  }
}
