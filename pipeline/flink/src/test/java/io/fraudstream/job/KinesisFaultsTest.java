package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A Kinesis that throttles, forgets iterators, is unreachable, changes its shards or is gone. */
class KinesisFaultsTest extends PipelineCase {
  private final Random random = new Random(11);
  private KinesisProxy proxy;

  @BeforeEach
  void proxied() throws Exception {
    proxy = new KinesisProxy(kinesis.url());
    given.put("kinesis-endpoint-url", proxy.url());
    given.put("order", "ordered");
  }

  @AfterEach
  void end() {
    proxy.close();
  }

  private synchronized boolean isDrawn(int percent) {
    return random.nextInt(100) < percent;
  }

  private void assertAllInOrderWithoutRestart(List<String> lines) throws Exception {
    List<JsonNode> found = verdictsOf(lines);
    assertEquals(lines.size(), found.size(), "a verdict for each, none twice");
    assertOrderOfCards(lines, found);
    assertCardCounts(lines, found);
    assertNoRestart();
  }

  @Test
  @DisplayName("20 % throttled reads and puts: all in the order of each card, none twice")
  void throttled() throws Exception {
    kinesis.create(transactions, 4);
    proxy.makeTrouble(
        (action, request) ->
            action.startsWith("Get") && isDrawn(20)
                ? "ProvisionedThroughputExceededException"
                : null);
    proxy.throttleEntries(() -> isDrawn(20));
    List<String> lines = TestTransactions.lines(1500, 30, 12);
    run(2, null);
    put(lines);
    assertAllInOrderWithoutRestart(lines);
    assertTrue(counted("", "throttledReads") > 0);
    assertTrue(counted("", "throttledPuts") > 0);
  }

  @Test
  @DisplayName("iterators and credentials that expire, errors, broken connections, failed looks")
  void expired() throws Exception {
    kinesis.create(transactions, 4);
    given.put("shard-discovery", "1 s");
    List<String> lines = TestTransactions.lines(1000, 30, 13);
    run(2, null);
    put(lines.subList(0, 300));
    verdictsOf(lines.subList(0, 300));
    proxy.makeTrouble(
        (action, request) -> {
          if (action.equals("ListShards")) return isDrawn(60) ? "InternalFailure" : null;
          if (action.equals("GetRecords") && isDrawn(20)) return "ExpiredIteratorException";
          if (isDrawn(10)) return "ExpiredTokenException";
          if (isDrawn(10)) return "InternalFailure";
          return isDrawn(10) ? "" : null;
        });
    put(lines.subList(300, 1000));
    assertAllInOrderWithoutRestart(lines);
    assertTrue(counted("", "expiredIterators") > 0);
    assertTrue(counted("", "readRetries") > 0);
  }

  @Test
  @DisplayName("ten seconds in which Kinesis cannot be reached: nothing lost, no restart")
  void unreachable() throws Exception {
    kinesis.create(transactions, 4);
    List<String> lines = TestTransactions.lines(800, 30, 14);
    run(2, null);
    put(lines.subList(0, 400));
    kinesis.read(verdicts, read -> read.size() > 100);
    proxy.makeTrouble((action, request) -> "");
    put(lines.subList(400, 800));
    Thread.sleep(10_000);
    proxy.makeTrouble((action, request) -> null);
    assertAllInOrderWithoutRestart(lines);
  }

  @Test
  @DisplayName("shards of input and verdicts that are split and merged under load")
  void resharded() throws Exception {
    kinesis.create(transactions, 2);
    String few = verdicts + "-few";
    kinesis.create(few, 2);
    verdicts = few;
    given.put("to-stream", few);
    List<String> lines = TestTransactions.lines(1800, 30, 15);
    run(2, null);
    put(lines.subList(0, 600));
    for (String stream : List.of(transactions, few)) split(stream, "shardId-000000000000");
    put(lines.subList(600, 1200));
    for (String stream : List.of(transactions, few)) kinesis.untilActive(stream);
    for (String stream : List.of(transactions, few)) {
      kinesis.ask(
          "MergeShards",
          EmbeddedKinesis.fields()
              .put("StreamName", stream)
              .put("ShardToMerge", "shardId-000000000002")
              .put("AdjacentShardToMerge", "shardId-000000000003"));
    }
    put(lines.subList(1200, 1800));
    assertCardCounts(lines, verdictsOf(lines));
    assertNoRestart();
  }

  private static void split(String stream, String shard) throws Exception {
    kinesis.ask(
        "SplitShard",
        EmbeddedKinesis.fields()
            .put("StreamName", stream)
            .put("ShardToSplit", shard)
            .put("NewStartingHashKey", "85070591730234615865843651857942052864"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @DisplayName("a stream that is deleted, of transactions or of verdicts, ends the job by name")
  void deleted(boolean isInput) throws Exception {
    kinesis.create(transactions, 2);
    List<String> lines = TestTransactions.lines(60, 5, 16);
    run(2, null);
    put(lines.subList(0, 50));
    verdictsOf(lines.subList(0, 50));
    String stream = isInput ? transactions : verdicts;
    kinesis.ask("DeleteStream", EmbeddedKinesis.fields().put("StreamName", stream));
    if (!isInput) put(lines.subList(50, 60));
    var error = assertThrows(ExecutionException.class, () -> job.getJobExecutionResult().get());
    assertEquals(JobStatus.FAILED, job.getJobStatus().get());
    StringBuilder said = new StringBuilder();
    for (Throwable one = error; one != null; one = one.getCause()) said.append(one).append('\n');
    assertTrue(
        said.toString().contains("The stream " + stream + " does not exist"), said::toString);
  }
}
