package io.fraudstream.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.Record;

class PolledShardTest {
  private static final long INTERVAL_MS = 200;

  /** Remembers what it was asked and answers what the test says. */
  private final class Asked implements StreamReads {
    private final List<Position> positions = new ArrayList<>();
    private final List<Integer> limits = new ArrayList<>();
    private RuntimeException iteratorError;
    private boolean isListed = true;
    private RuntimeException listError;

    @Override
    public CompletableFuture<String> iterator(String shardId, Position position) {
      positions.add(position);
      if (iteratorError != null) return CompletableFuture.failedFuture(iteratorError);
      return CompletableFuture.completedFuture("iterator " + positions.size());
    }

    @Override
    public CompletableFuture<GetRecordsResponse> records(String iterator, int limit) {
      limits.add(limit);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<List<ShardLedger.Listed>> shards() {
      if (listError != null) return CompletableFuture.failedFuture(listError);
      List<ShardLedger.Listed> one = List.of(new ShardLedger.Listed("s", Set.of()));
      return CompletableFuture.completedFuture(isListed ? one : List.of());
    }

    @Override
    public void close() {}
  }

  private final Asked stream = new Asked();
  private final PolledShard shard =
      new PolledShard(
          new ShardSplit("s", Position.TRIM_HORIZON),
          stream,
          INTERVAL_MS,
          () -> 1.0,
          new ReadMetrics(UnregisteredMetricsGroup.createSourceReaderMetricGroup()));
  private long now = 1_000;
  private int sequence;

  private static GetRecordsResponse.Builder answer() {
    return GetRecordsResponse.builder().nextShardIterator("next").millisBehindLatest(5L);
  }

  private GetRecordsResponse records(int count, int bytes) {
    List<Record> records = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      records.add(
          Record.builder()
              .sequenceNumber(String.valueOf(++sequence))
              .data(SdkBytes.fromByteArray(new byte[bytes]))
              .build());
    }
    return answer().records(records).build();
  }

  private static RuntimeException error(String code) {
    return KinesisException.builder()
        .statusCode(400)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).errorMessage("why").build())
        .build();
  }

  /** One request, its answer after so many milliseconds. */
  private void read(GetRecordsResponse response, long latencyMs) {
    shard.ask(now, (answered, error) -> {});
    assertEquals(Long.MAX_VALUE, shard.dueAt(), "one request in flight");
    now += latencyMs;
    shard.answered(response, now);
  }

  private void fail(RuntimeException error) {
    shard.ask(now, (answered, failed) -> {});
    shard.failed(new CompletionException(error), now);
  }

  @Test
  @DisplayName("reads begin at least one interval apart, however fast the answers are")
  void paced() {
    read(answer().build(), 5);
    assertEquals(1_200, shard.dueAt());
    now = 1_200;
    read(records(10, 100), 350);
    assertEquals(1_550, shard.dueAt(), "a slow answer is waited for no longer");
  }

  @Test
  @DisplayName("so few records are asked for that a shard gives less than 2 MB a second")
  void adaptive() {
    read(records(20, 50_000), 5);
    assertEquals(1_500, shard.dueAt(), "1 MB counts for half a second");
    now = 1_500;
    read(records(8, 50_000), 5);
    now = 1_700;
    read(records(1, 200), 5);
    now = 1_900;
    read(answer().build(), 5);
    assertEquals(List.of(PolledShard.FIRST_RECORDS, 8, 8, 2_000), stream.limits);
  }

  @Test
  @DisplayName("an iterator that expired is renewed from the last record that was read")
  void expired() {
    read(records(3, 10), 5);
    fail(error("ExpiredIteratorException"));
    assertEquals(now + INTERVAL_MS, shard.dueAt());
    shard.ask(now, (answered, error) -> {});
    assertEquals(List.of(Position.TRIM_HORIZON, Position.after("3")), stream.positions);
  }

  @Test
  @DisplayName("throttling is waited for longer each time, until it is over")
  void throttled() {
    List<Long> waits = new ArrayList<>();
    for (int turn = 0; turn < 8; turn++) {
      fail(error("ProvisionedThroughputExceededException"));
      waits.add(shard.dueAt() - now);
    }
    assertEquals(List.of(250L, 500L, 1_000L, 2_000L, 4_000L, 5_000L, 5_000L, 5_000L), waits);
    read(answer().build(), 5);
    fail(error("ProvisionedThroughputExceededException"));
    assertEquals(250, shard.dueAt() - now);
  }

  @Test
  @DisplayName("errors of the network and credentials that expire are tried again for ever")
  void retried() {
    for (int hour = 0; hour < 48; hour++) {
      now += 3_600_000;
      fail(hour % 2 == 0 ? error("ExpiredTokenException") : new RuntimeException("broken pipe"));
      assertTrue(shard.dueAt() - now <= 5_000);
    }
  }

  @Test
  @DisplayName("a permission that is missing is given two minutes to come, then it is the error")
  void refused() {
    fail(error("AccessDeniedException"));
    now += 119_000;
    fail(error("AccessDeniedException"));
    now += 2_000;
    var failed =
        assertThrows(ReadFailedException.class, () -> fail(error("AccessDeniedException")));
    assertTrue(failed.getMessage().contains("AccessDeniedException"), failed.getMessage());
  }

  @Test
  @DisplayName("a position that the stream does not know fails by name")
  void foreignPosition() {
    read(records(1, 10), 5);
    fail(error("ExpiredIteratorException"));
    stream.iteratorError = error("InvalidArgumentException");
    var failed =
        assertThrows(ReadFailedException.class, () -> fail(error("InvalidArgumentException")));
    assertTrue(failed.getMessage().startsWith("s cannot be read from sequence number 1 on"));
  }

  @Test
  @DisplayName("a closed shard is read to its end")
  void end() {
    read(answer().nextShardIterator(null).build(), 5);
    assertTrue(shard.isRead());
  }

  @Test
  @DisplayName(
      "a shard whose records are kept no longer is at its end; that of a deleted stream not")
  void gone() {
    fail(error("ResourceNotFoundException"));
    stream.isListed = false;
    List<GetRecordsResponse> looked = new ArrayList<>();
    shard.ask(now, (answered, error) -> looked.add(answered));
    shard.answered(looked.get(0), now);
    assertTrue(shard.isRead());
  }

  @Test
  @DisplayName("a stream that is deleted is an error at once")
  void deleted() {
    fail(error("ResourceNotFoundException"));
    assertFalse(shard.isRead());
    stream.listError = error("ResourceNotFoundException");
    assertThrows(ReadFailedException.class, () -> fail(error("ResourceNotFoundException")));
  }
}
