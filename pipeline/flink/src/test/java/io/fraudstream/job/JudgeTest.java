package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.fraudstream.Fixtures;
import io.fraudstream.records.Rejection;
import io.fraudstream.scoring.Outcome;
import java.nio.charset.StandardCharsets;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JudgeTest {
  private static Outcome outcome(double score, String error) {
    Outcome outcome = new Outcome();
    outcome.candidate = TestTransactions.candidate(TestTransactions.lines(1, 1, 1).get(0));
    outcome.candidate.features[3] = Float.NaN;
    outcome.score = score;
    outcome.error = error;
    outcome.reason = error == null ? null : "HTTP 503";
    outcome.attempts = 2;
    outcome.settledAt = 1_767_225_600_123L;
    return outcome;
  }

  private static OneInputStreamOperatorTestHarness<Outcome, Line> judged(Outcome... outcomes)
      throws Exception {
    var harness =
        new OneInputStreamOperatorTestHarness<>(
            new ProcessOperator<>(new Judge(0.5, null, true, null)));
    harness.open();
    for (Outcome outcome : outcomes) harness.processElement(outcome, 0);
    return harness;
  }

  private static JsonNode verdict(Line line) {
    return Fixtures.json(new String(line.data, StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("verdicts with a score and with an error are as the schema says")
  void schema() throws Exception {
    String schema = String.join("\n", Fixtures.lines("schema/verdict.schema.json"));
    var checker = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(schema);
    Outcome[] outcomes = {outcome(0.5, null), outcome(0.25, null), outcome(Double.NaN, "http5xx")};
    try (var harness = judged(outcomes)) {
      for (Line line : harness.extractOutputValues()) {
        assertTrue(checker.validate(verdict(line)).isEmpty(), verdict(line).toString());
      }
      JsonNode first = verdict(harness.extractOutputValues().get(0));
      assertTrue(first.get("is_fraud_predicted").booleanValue());
      assertTrue(first.get("features").get(3).isNull());
      assertEquals("2026-01-01T00:00:00.123Z", first.get("scored_at").textValue());
    }
  }

  @Test
  @DisplayName("what got no score also goes to the rejections, with its bytes")
  void rejections() throws Exception {
    Outcome failed = outcome(Double.NaN, "http5xx");
    try (var harness = judged(outcome(0.1, null), failed)) {
      var rejections = harness.getSideOutput(Enrich.REJECTIONS);
      assertEquals(1, rejections.size());
      Rejection rejection = rejections.peek().getValue();
      JsonNode line = Fixtures.json(rejection.line(1_000_000));
      assertEquals("failed", line.get("end").textValue());
      assertEquals("HTTP 503", line.get("reason").textValue());
      byte[] told = line.get("transaction").textValue().getBytes(StandardCharsets.UTF_8);
      assertEquals(
          new String(failed.candidate.data, StandardCharsets.UTF_8),
          new String(told, StandardCharsets.UTF_8));
    }
  }

  @Test
  @DisplayName("bytes that are no text are told in Base64, so that none is lost")
  void bytes() {
    Rejection rejection = Rejection.unreadable(new byte[] {(byte) 0xf3, (byte) 0x89}, "odd", 0);
    assertEquals(
        "base64:84k=", Fixtures.json(rejection.line(1_000_000)).get("transaction").textValue());
  }

  @Test
  @DisplayName("the same transaction always has the same verdict id, another another")
  void ids() throws Exception {
    Outcome other = outcome(0.9, null);
    other.candidate.transactionId = "other";
    try (var harness = judged(outcome(0.1, null), outcome(0.2, "timeout"), other)) {
      var ids =
          harness.extractOutputValues().stream()
              .map(line -> verdict(line).get("verdict_id"))
              .toList();
      assertEquals(ids.get(0), ids.get(1));
      assertTrue(!ids.get(0).equals(ids.get(2)));
    }
  }
}
