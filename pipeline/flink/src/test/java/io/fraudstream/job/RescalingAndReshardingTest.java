package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.core.execution.SavepointFormatType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rescaling from a savepoint, and resharding of the input in mid-run. */
class RescalingAndReshardingTest extends PipelineCase {
  @Test
  @DisplayName(
      "stopped with a savepoint and restarted with other parallelism, features go on to the last bit")
  void rescaled() throws Exception {
    kinesis.create(transactions, 4);
    List<String> lines = TestTransactions.lines(1200, 30, 4);
    run(2, null);
    put(lines.subList(0, 600));
    verdictsOf(lines.subList(0, 600));
    String savepoint =
        job.stopWithSavepoint(false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    put(lines.subList(600, 1200));
    run(3, savepoint);
    List<JsonNode> found = verdictsOf(lines);
    assertEquals(lines.size(), found.size());
    assertCardCounts(lines, found);
  }

  @Test
  @DisplayName("what waits for its turn by event time is in the savepoint, for other subtasks too")
  void waiting() throws Exception {
    kinesis.create(transactions, 4);
    given.put("feature-order", "event-time");
    given.put("out-of-orderness", "1 h");
    given.put("idleness", "6 s");
    List<String> lines = TestTransactions.lines(600, 30, 8);
    List<String> backwards = new ArrayList<>(lines);
    Collections.reverse(backwards);
    run(2, null);
    put(backwards);
    while (counted("card: order of event time", "numRecordsIn") < 600) Thread.sleep(20);
    String savepoint =
        job.stopWithSavepoint(false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    assertEquals(0, kinesis.read(verdicts, read -> true).size());
    run(3, savepoint);
    assertCardCounts(lines, verdictsOf(lines));
  }

  @Test
  @DisplayName(
      "shards that are split and merged in mid-run lose nothing, and cards keep their past")
  void resharded() throws Exception {
    kinesis.create(transactions, 2);
    List<String> lines = TestTransactions.lines(1500, 30, 6);
    run(2, null);
    put(lines.subList(0, 500));
    String middle = "85070591730234615865843651857942052864";
    kinesis.ask(
        "SplitShard",
        EmbeddedKinesis.fields()
            .put("StreamName", transactions)
            .put("ShardToSplit", "shardId-000000000000")
            .put("NewStartingHashKey", middle));
    kinesis.untilActive(transactions);
    put(lines.subList(500, 1000));
    kinesis.ask(
        "MergeShards",
        EmbeddedKinesis.fields()
            .put("StreamName", transactions)
            .put("ShardToMerge", "shardId-000000000002")
            .put("AdjacentShardToMerge", "shardId-000000000003"));
    kinesis.untilActive(transactions);
    put(lines.subList(1000, 1500));
    List<JsonNode> found = verdictsOf(lines);
    assertEquals(lines.size(), found.size());
    assertCardCounts(lines, found);
    assertNoRestart();
  }
}
