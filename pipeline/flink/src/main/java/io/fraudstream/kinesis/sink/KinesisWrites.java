package io.fraudstream.kinesis.sink;

import io.fraudstream.kinesis.ShardListing;
import io.fraudstream.kinesis.StreamAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/** Writes to a stream of Kinesis by the asynchronous client of the AWS SDK. */
final class KinesisWrites implements StreamWrites {
  private static final int KIB = 1024;

  /** Where a stream does not say what it takes. Source: Kinesis quotas. */
  static final int USUAL_RECORD_BYTES = 1024 * KIB;

  private final StreamAddress address;
  private final KinesisAsyncClient client;

  KinesisWrites(StreamAddress address) {
    this.address = address;
    this.client = address.client();
  }

  @Override
  public CompletableFuture<PutRecordsResponse> put(List<PutRecordsRequestEntry> entries) {
    return client.putRecords(
        request -> request.streamARN(address.arn()).streamName(address.name()).records(entries));
  }

  @Override
  public CompletableFuture<ShardMap> shards() {
    return ShardListing.of(client, address).thenApply(ShardMap::of);
  }

  @Override
  public CompletableFuture<Integer> recordBytes() {
    return client
        .describeStreamSummary(
            request -> request.streamARN(address.arn()).streamName(address.name()))
        .thenApply(answer -> answer.streamDescriptionSummary().maxRecordSizeInKiB())
        .thenApply(kib -> kib == null ? USUAL_RECORD_BYTES : kib * KIB);
  }

  @Override
  public void close() {
    client.close();
  }
}
