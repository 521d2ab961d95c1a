package io.fraudstream.interop;

import java.math.BigInteger;
import java.util.List;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * Reads a stream by the loop that is written without a library: a thread for each shard, GetRecords
 * and a pause, AggregatorUtil to take aggregates apart.
 *
 * <p>Arguments: {@code kinesis-url stream records records-a-read}. Prints {@link Meter#line}.
 */
public final class ReadByLoop {
  private static final int POLL_MS = 200;

  private ReadByLoop() {}

  public static void main(String[] arguments) throws Exception {
    Meter meter = new Meter(Long.parseLong(arguments[2]));
    int limit = Integer.parseInt(arguments[3]);
    KinesisClient client = Clients.at(arguments[0], KinesisClient.builder()).build();
    List<Shard> shards = client.listShards(request -> request.streamName(arguments[1])).shards();
    for (Shard shard : shards) {
      Thread thread =
          new Thread(() -> read(client, arguments[1], shard, limit, meter), shard.shardId());
      thread.setDaemon(true);
      thread.start();
    }
    System.out.println(meter.line());
  }

  private static void read(
      KinesisClient client, String stream, Shard shard, int limit, Meter meter) {
    AggregatorUtil aggregates = new AggregatorUtil();
    BigInteger start = new BigInteger(shard.hashKeyRange().startingHashKey());
    BigInteger end = new BigInteger(shard.hashKeyRange().endingHashKey());
    String iterator =
        client
            .getShardIterator(
                request ->
                    request
                        .streamName(stream)
                        .shardId(shard.shardId())
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
            .shardIterator();
    while (iterator != null) {
      String from = iterator;
      GetRecordsResponse answer =
          client.getRecords(request -> request.shardIterator(from).limit(limit));
      List<KinesisClientRecord> records =
          answer.records().stream().map(KinesisClientRecord::fromRecord).toList();
      meter.add(aggregates.deaggregate(records, start, end).size());
      iterator = answer.nextShardIterator();
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MS);
    } catch (InterruptedException ended) {
      throw new IllegalStateException(ended);
    }
  }
}
