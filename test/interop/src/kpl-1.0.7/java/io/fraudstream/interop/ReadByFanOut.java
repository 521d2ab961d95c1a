package io.fraudstream.interop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/**
 * Reads the first shard of a stream with enhanced fan-out by the asynchronous client of the SDK, over
 * HTTP/2 and TLS.
 *
 * <p>Arguments: {@code kinesis-url stream-arn records}. Prints the records, a line each; ends after so many.
 */
public final class ReadByFanOut {
  private static final int POLL_MS = 100;
  private static final int PATIENCE_SECONDS = 120;

  private ReadByFanOut() {}

  public static void main(String[] arguments) throws Exception {
    String streamArn = arguments[1];
    int wanted = Integer.parseInt(arguments[2]);
    KinesisAsyncClient client = Clients.kinesisByTls(arguments[0]);
    String consumer =
        client
            .registerStreamConsumer(request -> request.streamARN(streamArn).consumerName("java"))
            .join()
            .consumer()
            .consumerARN();
    while (client
            .describeStreamConsumer(request -> request.consumerARN(consumer))
            .join()
            .consumerDescription()
            .consumerStatus()
        != ConsumerStatus.ACTIVE) {
      Thread.sleep(POLL_MS);
    }
    CompletableFuture<Void> all = new CompletableFuture<>();
    int[] seen = {0};
    SubscribeToShardResponseHandler handler =
        SubscribeToShardResponseHandler.builder()
            .onError(all::completeExceptionally)
            .subscriber(
                SubscribeToShardResponseHandler.Visitor.builder()
                    .onSubscribeToShardEvent(
                        event -> {
                          print(event);
                          seen[0] += event.records().size();
                          if (seen[0] >= wanted) all.complete(null);
                        })
                    .build())
            .build();
    client.subscribeToShard(
        request ->
            request
                .consumerARN(consumer)
                .shardId("shardId-000000000000")
                .startingPosition(position -> position.type(ShardIteratorType.TRIM_HORIZON)),
        handler);
    all.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void print(SubscribeToShardEvent event) {
    event.records().stream()
        .map(record -> record.data())
        .map(SdkBytes::asUtf8String)
        .forEach(System.out::println);
  }
}
