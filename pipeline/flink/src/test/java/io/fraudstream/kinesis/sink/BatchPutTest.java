package io.fraudstream.kinesis.sink;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.kpl.Deaggregated.Aggregate;
import io.fraudstream.kpl.Deaggregator;
import io.fraudstream.kpl.HashKey;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;
import software.amazon.awssdk.services.kinesis.model.Shard;

class BatchPutTest {
  private static final BigInteger RING = BigInteger.TWO.pow(128);

  private static ShardMap shards(int count) {
    return ShardMap.of(
        IntStream.range(0, count)
            .mapToObj(
                index -> {
                  BigInteger start = RING.multiply(BigInteger.valueOf(index));
                  String key = start.divide(BigInteger.valueOf(count)).toString();
                  return Shard.builder()
                      .shardId("shard-" + index + "-of-" + count)
                      .hashKeyRange(range -> range.startingHashKey(key))
                      .sequenceNumberRange(range -> range.startingSequenceNumber("1"))
                      .build();
                })
            .toList());
  }

  /** A stream of so many shards that keeps what it takes, in order. */
  private static final class Taken implements StreamWrites {
    private final ShardMap shards;
    private final Random random = new Random(4);
    private final List<String> taken = new ArrayList<>();
    private int throttledPercent;
    private int kinesisRecords;
    private String invalid = "";
    private int requests;
    private boolean isDown;

    Taken(int count) {
      shards = BatchPutTest.shards(count);
    }

    @Override
    public CompletableFuture<PutRecordsResponse> put(List<PutRecordsRequestEntry> entries) {
      requests += 1;
      if (isDown) return CompletableFuture.failedFuture(new IOException("connection refused"));
      for (PutRecordsRequestEntry entry : entries) {
        boolean isInvalid =
            !invalid.isEmpty() && userRecords(entry).stream().anyMatch(invalid::equals);
        if (isInvalid) return CompletableFuture.failedFuture(invalidRequest());
      }
      return CompletableFuture.completedFuture(
          PutRecordsResponse.builder().records(entries.stream().map(this::put).toList()).build());
    }

    private static KinesisException invalidRequest() {
      return (KinesisException)
          KinesisException.builder()
              .statusCode(400)
              .awsErrorDetails(
                  AwsErrorDetails.builder().errorCode("InvalidArgumentException").build())
              .build();
    }

    private PutRecordsResultEntry put(PutRecordsRequestEntry entry) {
      if (random.nextInt(100) < throttledPercent) {
        return PutRecordsResultEntry.builder()
            .errorCode("ProvisionedThroughputExceededException")
            .build();
      }
      kinesisRecords += 1;
      taken.addAll(userRecords(entry));
      HashKey key =
          entry.explicitHashKey() == null
              ? HashKey.of(entry.partitionKey())
              : HashKey.ofDecimal(entry.explicitHashKey());
      return PutRecordsResultEntry.builder().shardId(shards.shardOf(key)).build();
    }

    private static List<String> userRecords(PutRecordsRequestEntry entry) {
      byte[] data = entry.data().asByteArray();
      return new Deaggregator().deaggregate(data) instanceof Aggregate aggregate
          ? aggregate.records().stream().map(one -> new String(one.data())).toList()
          : List.of(new String(data));
    }

    @Override
    public CompletableFuture<ShardMap> shards() {
      return CompletableFuture.completedFuture(shards);
    }

    @Override
    public CompletableFuture<Integer> recordBytes() {
      return CompletableFuture.completedFuture(KinesisWrites.USUAL_RECORD_BYTES);
    }

    @Override
    public void close() {}
  }

  /** So many entries of 17 cards, each with its number and a filling. */
  private static List<SinkEntry> entries(int count, int bytes) {
    return IntStream.range(0, count)
        .mapToObj(
            number -> {
              String card = "card-" + number % 17;
              String text = card + " " + number + " " + "x".repeat(bytes);
              return SinkEntry.of(card, text.getBytes());
            })
        .toList();
  }

  private static BatchPut put(
      Taken stream, List<SinkEntry> entries, ShardMap known, boolean isAggregated) {
    WriteMetrics metrics = new WriteMetrics(UnregisteredMetricsGroup.createSinkWriterMetricGroup());
    BatchPut put = new BatchPut(stream, entries, metrics);
    List<Integer> all = IntStream.range(0, entries.size()).boxed().toList();
    put.put(Packing.of(entries, all, known, isAggregated, true)).join();
    return put;
  }

  private static List<SinkEntry> left(BatchPut put, List<SinkEntry> entries) {
    List<SinkEntry> left = new ArrayList<>();
    for (int index = 0; index < entries.size(); index++) {
      if (!put.isDelivered(index)) left.add(entries.get(index));
    }
    return left;
  }

  @Test
  @DisplayName("one open aggregate for each shard: few Kinesis records, all user records")
  void aggregated() {
    Taken stream = new Taken(4);
    List<SinkEntry> entries = entries(1_000, 400);
    assertEquals(List.of(), left(put(stream, entries, stream.shards, true), entries));
    assertEquals(1_000, stream.taken.size());
    assertTrue(stream.kinesisRecords <= 14, () -> stream.kinesisRecords + " Kinesis records");
  }

  @ParameterizedTest
  @CsvSource({"true, 20", "false, 20", "true, 60", "false, 60"})
  @DisplayName("a card keeps its order, whatever is throttled and put again; none comes twice")
  void ordered(boolean isAggregated, int percent) {
    Taken stream = new Taken(4);
    stream.throttledPercent = percent;
    List<SinkEntry> left = entries(600, 300);
    while (!left.isEmpty()) left = left(put(stream, left, stream.shards, isAggregated), left);
    assertEquals(600, stream.taken.size());
    Map<String, Integer> last = new HashMap<>();
    for (String text : stream.taken) {
      String[] parts = text.split(" ");
      int number = Integer.parseInt(parts[1]);
      assertTrue(number > last.getOrDefault(parts[0], -1), text);
      last.put(parts[0], number);
    }
  }

  @Test
  @DisplayName("while Kinesis cannot be reached no round waits for the next timeout")
  void down() {
    Taken stream = new Taken(4);
    stream.isDown = true;
    List<SinkEntry> entries = entries(300, 100);
    assertEquals(entries, left(put(stream, entries, stream.shards, false), entries));
    assertEquals(1, stream.requests);
  }

  @Test
  @DisplayName("one that Kinesis cannot take is refused alone, out of a whole batch of aggregates")
  void invalid() {
    Taken stream = new Taken(4);
    List<SinkEntry> entries = entries(1_000, 100);
    stream.invalid = new String(entries.get(321).data());
    BatchPut put = put(stream, entries, stream.shards, true);
    assertEquals(List.of(entries.get(321)), left(put, entries));
    assertNotNull(put.refusal(321));
    assertNull(put.refusal(322));
    assertEquals(999, stream.taken.size());
  }

  @Test
  @DisplayName("aggregates that came to another shard are put again where their keys are apart now")
  void otherShards() {
    Taken stream = new Taken(8);
    List<SinkEntry> entries = entries(500, 100);
    BatchPut put = put(stream, entries, shards(2), true);
    assertTrue(put.hasChangedShards());
    put.repeatElsewhere(stream.shards);
    List<SinkEntry> again = left(put, entries);
    assertTrue(!again.isEmpty());
    BatchPut second = put(stream, again, stream.shards, true);
    assertEquals(List.of(), left(second, again));
    assertTrue(!second.hasChangedShards());
    assertEquals(500, new HashSet<>(stream.taken).size());
  }

  @Test
  @DisplayName("a lone record that begins like an aggregate is put in one")
  void magic() {
    Taken stream = new Taken(1);
    byte[] data = {(byte) 0xf3, (byte) 0x89, (byte) 0x9a, (byte) 0xc2, 1, 2, 3};
    List<SinkEntry> entries = List.of(SinkEntry.of("a", data));
    put(stream, entries, stream.shards, true);
    assertEquals(Set.of(new String(data)), Set.copyOf(stream.taken));
  }

  @ParameterizedTest
  @CsvSource({"0, 10, its partition key has 0 characters", "257, 10, has 257", "5, 96, 101 bytes"})
  @DisplayName("keys and sizes that Kinesis does not take are known beforehand")
  void problems(int key, int bytes, String problem) {
    SinkEntry entry = SinkEntry.of("k".repeat(key), new byte[bytes]);
    String said = entry.problem(100);
    assertTrue(said != null && said.contains(problem), said);
  }

  @Test
  @DisplayName("characters of a key are counted as Kinesis does, and bytes with those of the key")
  void sizes() {
    SinkEntry entry = SinkEntry.of("💳".repeat(256), new byte[10]);
    assertEquals(1_034, entry.sizeBytes());
    assertNull(entry.problem(1_034));
    assertNotNull(entry.problem(1_033));
  }
}
