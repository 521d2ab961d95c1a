package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.scoring.Candidate;
import io.fraudstream.scoring.Outcome;
import io.fraudstream.scoring.StubServer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.datastream.AsyncDataStream.OutputMode;
import org.apache.flink.streaming.api.operators.async.AsyncWaitOperatorFactory;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScoringFunctionTest {
  private final StubServer stub = new StubServer();

  @AfterEach
  void close() {
    stub.close();
  }

  private OneInputStreamOperatorTestHarness<Candidate, Outcome> harness(
      OutputMode mode, Map<String, String> more) throws Exception {
    Map<String, String> given = new HashMap<>(more);
    for (String stream : List.of("from-stream", "to-stream", "rejects-stream")) {
      given.put(stream, "arn:aws:kinesis:eu-central-1:123456789012:stream/s");
    }
    given.put("url", stub.url());
    JobSettings settings = JobSettings.of(given);
    var function = new ScoringFunction(Endpoints.scoring(settings), Endpoints.target(settings));
    var operator = new AsyncWaitOperatorFactory<>(function, 60_000, 100, mode);
    var type = TypeInformation.of(Candidate.class);
    return new OneInputStreamOperatorTestHarness<>(
        operator, type.createSerializer(new SerializerConfigImpl()));
  }

  private static void enter(
      OneInputStreamOperatorTestHarness<Candidate, Outcome> harness, int count) throws Exception {
    for (String line : TestTransactions.lines(count, 9, 8)) {
      harness.processElement(TestTransactions.candidate(line), 0);
    }
  }

  @Test
  @DisplayName("in ordered mode outcomes leave in the order of the input, whatever comes first")
  void ordered() throws Exception {
    stub.behave(
        (exchange, rows) -> {
          try {
            Thread.sleep(stub.requests.get() * 7 % 40);
          } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
          }
          StubServer.SOUND.answer(exchange, rows);
        });
    try (var harness = harness(OutputMode.ORDERED, Map.of())) {
      harness.open();
      enter(harness, 80);
      harness.endInput();
      List<String> seen =
          harness.extractOutputValues().stream().map(one -> one.candidate.transactionId).toList();
      List<String> wanted =
          TestTransactions.lines(80, 9, 8).stream()
              .map(line -> TestTransactions.candidate(line).transactionId)
              .toList();
      assertEquals(wanted, seen);
    }
  }

  @Test
  @DisplayName("an endpoint that hangs gives outcomes with the error timeout, and no exception")
  void hangs() throws Exception {
    stub.behave((exchange, rows) -> {});
    Map<String, String> quick =
        Map.of("timeout", "400 ms", "request-timeout", "100 ms", "on-outage", "reject");
    try (var harness = harness(OutputMode.UNORDERED, quick)) {
      harness.open();
      enter(harness, 30);
      harness.endInput();
      List<Outcome> outcomes = harness.extractOutputValues();
      assertEquals(30, outcomes.size());
      for (Outcome outcome : outcomes) {
        assertTrue(List.of("timeout", "dropped").contains(outcome.error), outcome.error);
      }
    }
  }

  @Test
  @DisplayName("what was in flight at a checkpoint is scored again after a restart")
  void restored() throws Exception {
    stub.behave((exchange, rows) -> {});
    OperatorSubtaskState state;
    try (var harness = harness(OutputMode.UNORDERED, Map.of())) {
      harness.open();
      enter(harness, 40);
      state = harness.snapshot(1, 1);
      stub.behave(StubServer.SOUND);
      harness.endInput();
    }
    try (var harness = harness(OutputMode.UNORDERED, Map.of())) {
      harness.initializeState(state);
      harness.open();
      harness.endInput();
      assertEquals(40, harness.extractOutputValues().size());
      for (Outcome outcome : harness.extractOutputValues()) assertEquals(0.25, outcome.score);
    }
  }
}
