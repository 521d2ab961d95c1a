package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.scoring.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventOrderTest {
  private static final int MAX_PARALLELISM = 16;

  /** Knows its operator, to ask how many came too late. */
  private static final class Harness
      extends KeyedOneInputStreamOperatorTestHarness<String, Candidate, Candidate> {
    private final EventOrder order;

    Harness(EventOrder order, int parallelism, int subtask) throws Exception {
      super(
          (OneInputStreamOperator<Candidate, Candidate>) order,
          candidate -> candidate.cardId,
          Types.STRING,
          MAX_PARALLELISM,
          parallelism,
          subtask);
      this.order = order;
    }

    void take(Candidate... candidates) throws Exception {
      for (Candidate candidate : candidates) processElement(candidate, 0);
    }

    /** What left since the last time, as {@code card@time:id}. */
    List<String> left() {
      List<String> left =
          extractOutputValues().stream()
              .map(one -> one.cardId + "@" + (long) one.facts.time + ":" + one.transactionId)
              .toList();
      getOutput().clear();
      return left;
    }

    /** What leaves when the task has nothing else to do. */
    List<String> afterMails() throws Exception {
      for (var mail = getTaskMailbox().tryTake(0); mail.isPresent(); ) {
        mail.get().run();
        mail = getTaskMailbox().tryTake(0);
      }
      return left();
    }

    long tooLate() {
      return order.tooLate();
    }

    long tooEarly() {
      return order.tooEarly();
    }
  }

  private static Harness order() throws Exception {
    return new Harness(new EventOrder(), 1, 0);
  }

  private static Candidate candidate(String card, long time, String id) {
    Candidate candidate = TestTransactions.candidate(TestTransactions.lines(1, 1, 9).get(0));
    candidate.cardId = card;
    candidate.transactionId = id;
    candidate.facts.time = time;
    return candidate;
  }

  @Test
  @DisplayName("what comes out of order leaves in the order of event time, behind the watermark")
  void sorted() throws Exception {
    try (var harness = order()) {
      harness.open();
      harness.take(candidate("a", 30, "x"), candidate("a", 10, "y"), candidate("a", 20, "z"));
      assertEquals(List.of(), harness.left());
      harness.processWatermark(20);
      assertEquals(List.of("a@10:y", "a@20:z"), harness.left());
      harness.take(candidate("a", 25, "w"));
      harness.processWatermark(29);
      assertEquals(List.of("a@25:w"), harness.left());
      harness.processWatermark(30);
      assertEquals(List.of("a@30:x"), harness.left());
      assertEquals(0, harness.tooLate());
      assertEquals(0, harness.numKeyedStateEntries());
    }
  }

  @Test
  @DisplayName("within one instant the transaction_id decides, and copies stay behind each other")
  void ties() throws Exception {
    try (var harness = order()) {
      harness.open();
      Candidate copy = candidate("a", 10, "b");
      copy.eventTime = "the copy";
      harness.take(candidate("a", 10, "c"), candidate("a", 10, "b"), copy, candidate("a", 10, "B"));
      harness.processWatermark(10);
      assertEquals("the copy", harness.extractOutputValues().get(2).eventTime);
      assertEquals(List.of("a@10:B", "a@10:b", "a@10:b", "a@10:c"), harness.left());
    }
  }

  @Test
  @DisplayName(
      "what stays a day ahead of the watermark waits for a minute, other things for the watermark")
  void farFuture() throws Exception {
    long day = 86_400_000;
    try (var harness = order()) {
      harness.open();
      harness.processWatermark(0);
      harness.take(candidate("a", 9_000 * day, "of a broken clock"));
      harness.take(candidate("a", 2 * day, "of a shard ahead"), candidate("a", 10, "x"));
      harness.setProcessingTime(59_999);
      assertEquals(List.of(), harness.left());
      harness.processWatermark(day + 1);
      assertEquals(List.of("a@10:x"), harness.left());
      harness.setProcessingTime(60_000);
      assertEquals(List.of("a@" + 9_000 * day + ":of a broken clock"), harness.left());
      assertEquals(1, harness.tooEarly());
      harness.processWatermark(2 * day);
      assertEquals(List.of("a@" + 2 * day + ":of a shard ahead"), harness.left());
      assertEquals(0, harness.numKeyedStateEntries() + harness.numEventTimeTimers());
    }
  }

  @Test
  @DisplayName("what comes behind the watermark leaves at once and is counted")
  void late() throws Exception {
    try (var harness = order()) {
      harness.open();
      harness.take(candidate("a", 50, "x"));
      harness.processWatermark(20);
      harness.take(candidate("a", 20, "y"));
      assertEquals(List.of("a@20:y"), harness.left());
      assertEquals(1, harness.tooLate());
      harness.processWatermark(50);
      assertEquals(List.of("a@50:x"), harness.left());
      assertEquals(1, harness.tooLate());
    }
  }

  @ParameterizedTest
  @DisplayName(
      "when the input is idle all that waits leaves, each key in its order; then it goes on")
  @ValueSource(booleans = {false, true})
  void idle(boolean isOnDisk) throws Exception {
    StateBackend backend = isOnDisk ? new EmbeddedRocksDBStateBackend() : new HashMapStateBackend();
    try (var harness = order()) {
      harness.setStateBackend(backend);
      harness.open();
      harness.processWatermark(5);
      for (long time = 300; time > 0; time -= 10) {
        harness.take(candidate("a", time, "x"), candidate("b", time, "y"));
        harness.take(candidate("a", time, "w"));
      }
      harness.left();
      harness.processWatermarkStatus(WatermarkStatus.IDLE);
      List<String> left = harness.left();
      assertEquals(90, left.size());
      List<String> ofA = left.stream().filter(one -> one.startsWith("a")).toList();
      for (int place = 0; place < 60; place++) {
        String wanted = "a@" + (place / 2 + 1) * 10 + (place % 2 == 0 ? ":w" : ":x");
        assertEquals(wanted, ofA.get(place));
      }
      assertEquals(0, harness.numEventTimeTimers());
      harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
      harness.take(candidate("a", 320, "x"), candidate("a", 310, "y"));
      assertEquals(List.of(), harness.left());
      harness.processWatermark(400);
      assertEquals(List.of("a@310:y", "a@320:x"), harness.left());
      assertEquals(0, harness.tooLate());
    }
  }

  @Test
  @DisplayName("when the input is idle much leaves in slices, between which a barrier passes")
  void slices() throws Exception {
    try (var harness = order()) {
      harness.setStateBackend(new EmbeddedRocksDBStateBackend());
      harness.open();
      for (int time = 0; time < 1000; time++) {
        harness.take(candidate("a", time, "x"), candidate("card-" + time, time, "y"));
      }
      harness.processWatermarkStatus(WatermarkStatus.IDLE);
      int first = harness.left().size();
      assertTrue(first > 0 && first <= 300, () -> first + " at once");
      OperatorSubtaskState state = harness.snapshot(1, 1);
      List<String> rest = harness.afterMails();
      assertEquals(2000 - first, rest.size());
      List<String> ofA = rest.stream().filter(one -> one.startsWith("a@")).toList();
      List<String> inOrder = new ArrayList<>(ofA);
      inOrder.sort(Comparator.comparingInt(EventOrderTest::timeOf));
      assertEquals(inOrder, ofA);
      assertEquals(0, harness.numEventTimeTimers());
      try (var later = order()) {
        later.setStateBackend(new EmbeddedRocksDBStateBackend());
        later.initializeState(state);
        later.open();
        later.processWatermark(2000);
        assertEquals(2000 - first, later.left().size());
      }
    }
  }

  private static int timeOf(String one) {
    return Integer.parseInt(one.substring(one.indexOf('@') + 1, one.indexOf(':')));
  }

  @Test
  @DisplayName("an input that is active again before all has left was never idle")
  void activeAgain() throws Exception {
    try (var harness = order()) {
      harness.open();
      for (int time = 0; time < 1000; time++) harness.take(candidate("a", time, "x"));
      harness.processWatermarkStatus(WatermarkStatus.IDLE);
      int first = harness.left().size();
      harness.processWatermarkStatus(WatermarkStatus.ACTIVE);
      assertEquals(List.of(), harness.afterMails());
      assertTrue(harness.getOutput().isEmpty());
      harness.processWatermark(2000);
      assertEquals(1000 - first, harness.left().size());
    }
  }

  @Test
  @DisplayName("the idle status follows what it released")
  void statusLast() throws Exception {
    try (var harness = order()) {
      harness.open();
      harness.take(candidate("a", 10, "x"));
      harness.processWatermarkStatus(WatermarkStatus.IDLE);
      List<Object> out = new ArrayList<>(harness.getOutput());
      assertEquals(2, out.size());
      assertEquals(WatermarkStatus.IDLE, out.get(1));
    }
  }

  @Test
  @DisplayName("what waits is kept in a snapshot and goes on in one, two and three subtasks")
  void rescaled() throws Exception {
    Map<String, List<String>> wanted = new TreeMap<>();
    OperatorSubtaskState state;
    try (var harness = order()) {
      harness.open();
      for (int card = 0; card < 40; card++) {
        String key = "card-" + card;
        harness.take(candidate(key, 20, "b"), candidate(key, 10, "x"), candidate(key, 20, "a"));
        wanted.put(key, List.of(key + "@10:x", key + "@15:n", key + "@20:a", key + "@20:b"));
      }
      state = harness.snapshot(1, 1);
    }
    assertEquals(wanted, restored(state, 1, 2));
    assertEquals(wanted, restored(state, 1, 3));
  }

  /** Restored in so many subtasks, one more comes for each key; says what left, by key. */
  private static Map<String, List<String>> restored(OperatorSubtaskState state, int from, int to)
      throws Exception {
    Map<String, List<String>> seen = new TreeMap<>();
    for (int subtask = 0; subtask < to; subtask++) {
      try (var harness = new Harness(new EventOrder(), to, subtask)) {
        harness.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, from, to, subtask));
        harness.open();
        for (int card = 0; card < 40; card++) {
          String key = "card-" + card;
          int owner = KeyGroupRangeAssignment.assignKeyToParallelOperator(key, MAX_PARALLELISM, to);
          if (owner == subtask) harness.take(candidate(key, 15, "n"));
        }
        assertTrue(harness.left().isEmpty());
        harness.processWatermark(20);
        for (String one : harness.left()) {
          String key = one.substring(0, one.indexOf('@'));
          seen.computeIfAbsent(key, none -> new ArrayList<>()).add(one);
        }
      }
    }
    return seen;
  }
}
