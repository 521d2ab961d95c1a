package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.Fixtures;
import io.fraudstream.features.Manifest;
import io.fraudstream.scoring.ScoreSettings.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The fixtures that the CLI reads as well: {@code test/virtual/scoring-contract.test.ts}. */
class ScoringContractTest {
  /** After the dates in the fixtures. */
  private static final Instant NOW = Instant.parse("2026-11-01T00:00:00Z");

  private static final int CAPACITY = 1_000;

  private static JsonNode fixture(String name) {
    return Fixtures.json(String.join("\n", Fixtures.lines("scoring/" + name + ".json")));
  }

  private static Stream<DynamicTest> each(JsonNode cases, Consumer<JsonNode> check) {
    return StreamSupport.stream(cases.spliterator(), false)
        .map(one -> DynamicTest.dynamicTest(one.get("name").asText(), () -> check.accept(one)));
  }

  @TestFactory
  @DisplayName("answers: scores, or an error for each row")
  Stream<DynamicTest> answers() {
    return each(fixture("answers"), ScoringContractTest::checkAnswer);
  }

  private static void checkAnswer(JsonNode expected) {
    String pointer = expected.path("pointer").asText(null);
    int rows = expected.get("rows").asInt();
    Scores seen =
        Scores.read(
            expected.get("contentType").asText(), expected.get("body").asText(), rows, pointer);
    JsonNode scores = expected.get("scores");
    assertEquals(scores.isNull(), seen.problem() != null, seen.problem());
    if (scores.isNull()) return;
    assertEquals(rows, seen.values().length);
    for (int row = 0; row < rows; row++) {
      boolean hasNone = scores.get(row).isNull();
      assertEquals(hasNone, seen.problems().containsKey(row), "row " + row);
      if (!hasNone) assertEquals(scores.get(row).doubleValue(), seen.values()[row]);
    }
  }

  private static Reply reply(JsonNode answer, String body) {
    if (answer.has("failure")) {
      String kind = answer.get("failure").asText();
      return Reply.failure(ErrorKind.valueOf(kind.toUpperCase(Locale.ROOT)), kind);
    }
    return new Reply(
        answer.get("status").asInt(),
        "text/csv",
        answer.path("errorType").asText(""),
        "",
        HttpEndpoint.retryAfterMs(answer.path("retryAfter").asText(""), NOW),
        body,
        null,
        "");
  }

  @TestFactory
  @DisplayName("replies: their kind, and whether they are repeated")
  Stream<DynamicTest> replies() {
    return each(fixture("replies"), ScoringContractTest::checkReply);
  }

  private static void checkReply(JsonNode expected) {
    Trouble seen = Trouble.of(reply(expected, expected.path("body").asText("")));
    if (expected.get("kind").isNull()) {
      assertEquals(null, seen);
      return;
    }
    assertEquals(expected.get("kind").asText(), seen.kind().word());
    assertEquals(expected.get("isRowFault").asBoolean(), seen.isRowFault());
    assertEquals(expected.get("isOutage").asBoolean(), seen.isOutage());
    assertEquals(expected.get("waitMs").asLong(), seen.waitMs());
    boolean isUntilDeadline = expected.get("attempts").isNull();
    int attempts = isUntilDeadline ? 1_000 : expected.get("attempts").asInt();
    if (attempts > 1) assertTrue(seen.isRetriedAfter(attempts - 1));
    assertEquals(isUntilDeadline, seen.isRetriedAfter(attempts));
  }

  @TestFactory
  @DisplayName("breaker: when it opens, probes and closes")
  Stream<DynamicTest> breaker() {
    return each(fixture("breaker"), ScoringContractTest::checkBreaker);
  }

  private static void checkBreaker(JsonNode sequence) {
    Breaker breaker = new Breaker();
    for (JsonNode step : sequence.get("steps")) {
      long at = step.get("at").asLong();
      if (step.has("send")) breaker.sent();
      JsonNode end = step.path("end");
      for (int time = 0; time < end.path("times").asInt(); time++) {
        long now = at + time * end.get("everyMs").asLong();
        breaker.answered(end.get("outage").asBoolean(), end.get("sentAt").asLong(), now);
      }
      JsonNode expected = step.path("expect");
      if (expected.isMissingNode()) continue;
      assertEquals(expected.get("isOpen").asBoolean(), breaker.isOpen(), "open at " + at);
      assertEquals(expected.get("lets").asBoolean(), breaker.lets(at), "lets at " + at);
      if (expected.has("openMs")) assertEquals(expected.get("openMs").asLong(), breaker.openMs(at));
    }
  }

  @Test
  @DisplayName("waits before a retry")
  void waits() {
    JsonNode waits = fixture("retries").get("waits");
    assertFalse(waits.isEmpty());
    for (JsonNode expected : waits) {
      RetryWait wait = new RetryWait(() -> expected.get("random").asDouble());
      long seen = wait.ms(expected.get("attempts").asInt(), expected.get("askedMs").asLong());
      assertEquals(expected.get("waitMs").asLong(), seen, expected.toString());
    }
  }

  @TestFactory
  @DisplayName("retries: which rows are sent when, and what they end as")
  Stream<DynamicTest> retries() {
    return each(fixture("retries").get("sequences"), one -> new Sequence(one).check());
  }

  private record Request(long at, List<Integer> rows) {}

  /** One run of a scorer in virtual time. */
  private static final class Sequence {
    private final JsonNode expected;
    private final VirtualLoop loop = new VirtualLoop();
    private final long startedAt = loop.now();
    private final List<Request> requests = new ArrayList<>();

    Sequence(JsonNode expected) {
      this.expected = expected;
    }

    void check() {
      int rows = expected.get("rows").asInt();
      Outcome[] outcomes = new Outcome[rows];
      Scorer scorer = scorer();
      for (int row = 0; row < rows; row++) {
        int index = row;
        Candidate candidate = new Candidate();
        candidate.transactionId = String.valueOf(row);
        candidate.features = new float[Manifest.WIDTH];
        candidate.features[0] = row;
        scorer.score(candidate, outcome -> outcomes[index] = outcome);
      }
      loop.run(60_000);

      for (int row = 0; row < rows; row++) checkOutcome(row, outcomes[row]);
      JsonNode expectedRequests = expected.path("requests");
      if (!expectedRequests.isMissingNode()) {
        assertEquals(requestsIn(expectedRequests), requests);
      }
      if (expected.has("requestCount")) {
        assertEquals(expected.get("requestCount").asInt(), requests.size());
      }
      expected
          .path("outcomeCounts")
          .fields()
          .forEachRemaining(
              entry -> {
                String kind = entry.getKey();
                long seen = Stream.of(outcomes).filter(one -> kind.equals(one.error)).count();
                assertEquals(entry.getValue().asLong(), seen, kind);
              });
    }

    private Scorer scorer() {
      ScoreSettings settings =
          new ScoreSettings(
              CAPACITY,
              expected.get("timeoutMs").asLong(),
              expected.get("batchRows").asInt(),
              5,
              Policy.WAIT,
              600_000,
              RequestForm.CSV,
              null);
      double random = expected.get("random").asDouble();
      return new Scorer(settings, this::send, loop, () -> random, new SilentMetrics());
    }

    private CompletableFuture<Reply> send(byte[] body) {
      List<Integer> rows = new ArrayList<>();
      for (String line : new String(body, StandardCharsets.US_ASCII).split("\n", -1)) {
        rows.add(Integer.valueOf(line.substring(0, line.indexOf(','))));
      }
      Reply reply = answerTo(rows);
      requests.add(new Request(loop.now() - startedAt, rows));
      CompletableFuture<Reply> answer = new CompletableFuture<>();
      loop.after(expected.get("latencyMs").asLong(), () -> answer.complete(reply));
      return answer;
    }

    private Reply answerTo(List<Integer> rows) {
      if (expected.has("badRow") && rows.contains(expected.get("badRow").asInt())) {
        return new Reply(400, "", "", "", 0, "bad row", null, "");
      }
      JsonNode answers = expected.get("answers");
      JsonNode answer = answers.get(Math.min(requests.size(), answers.size() - 1));
      String perRow = answer.path("perRow").asText();
      boolean isPerRow = !perRow.isEmpty();
      String scores = String.join("\n", Collections.nCopies(rows.size(), perRow));
      return reply(answer, isPerRow ? scores : answer.path("body").asText());
    }

    private void checkOutcome(int row, Outcome seen) {
      assertTrue(seen != null, "row " + row + " has no outcome");
      JsonNode outcome = expected.path("outcomes").path(row);
      if (outcome.isMissingNode()) return;
      assertEquals(outcome.path("error").asText(null), seen.error, "row " + row);
      assertEquals(outcome.get("attempts").asInt(), seen.attempts, "row " + row);
      if (outcome.has("score")) assertEquals(outcome.get("score").asDouble(), seen.score);
    }

    private static List<Request> requestsIn(JsonNode requests) {
      List<Request> all = new ArrayList<>();
      for (JsonNode request : requests) {
        List<Integer> rows = new ArrayList<>();
        request.get("rows").forEach(row -> rows.add(row.asInt()));
        all.add(new Request(request.get("at").asLong(), rows));
      }
      return all;
    }
  }
}
