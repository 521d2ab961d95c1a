package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.scoring.ScoreSettings.Policy;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScorerTest extends ScorerCase {
  @Test
  @DisplayName("as many requests as the capacity are in flight, never more")
  void capacity() {
    enter(scorer(20, 1, 0, Policy.WAIT), 1000);
    loop.run(50 * LATENCY_MS);
    assertAllOnce(1000);
    assertEquals(20, inFlightMost);
    assertEquals(0.25, outcomes.get(0).score);
    assertEquals("m1", outcomes.get(0).modelVersion);
  }

  @Test
  @DisplayName("rows wait so long for others and then share a request")
  void batches() {
    Scorer scorer = scorer(4, 16, 5, Policy.WAIT);
    enter(scorer, 20);
    loop.run(4);
    assertEquals(List.of(16), rowsOfRequests);
    loop.run(1);
    assertEquals(List.of(16, 4), rowsOfRequests);
    loop.run(LATENCY_MS);
    assertAllOnce(20);
  }

  @Test
  @DisplayName("of 20 % throttled requests, told as 400 or 429, every row is scored in the end")
  void throttled() {
    String throttling = "{\"__type\":\"ThrottlingException\",\"message\":null}";
    endpoint =
        rows -> {
          double draw = random.nextDouble();
          return draw < 0.1 ? reply(400, throttling) : draw < 0.2 ? reply(429, "") : scores(rows);
        };
    enter(scorer(50, 1, 0, Policy.REJECT), 5000);
    loop.run(600_000);
    assertAllOnce(5000);
    assertEquals(5000, scored());
    assertTrue(retries > 900 && retries < 1600, "retries " + retries);
  }

  @Test
  @DisplayName("what is throttled for ever is given up at its deadline, and no earlier")
  void deadline() {
    endpoint = rows -> reply(429, "no room");
    enter(scorer(1, 1, 0, Policy.WAIT), 1);
    loop.run(7_500);
    assertEquals(0, outcomes.size());
    loop.run(2_500 + LATENCY_MS);
    assertEquals(1, errors("throttled"));
    assertEquals("HTTP 429 no room", outcomes.get(0).reason);
    assertTrue(outcomes.get(0).attempts > 5);
  }

  @Test
  @DisplayName("what has no turn before its deadline is dropped, as the CLI calls it")
  void dropped() {
    enter(scorer(1, 1, 0, Policy.WAIT), 300);
    loop.run(20_000);
    assertAllOnce(300);
    assertTrue(errors("dropped") > 90, "dropped " + errors("dropped"));
    assertEquals(300, errors("dropped") + scored());
    Outcome last = outcomes.get(299);
    assertEquals(0, last.attempts);
    assertEquals("dropped", last.error);
  }

  @Test
  @DisplayName("a refused row is found by taking its batch apart; its neighbours are scored")
  void badRow() {
    int[] bad = {0};
    endpoint =
        rows -> rows > 1 ? reply(400, "bad row") : bad[0]++ == 5 ? reply(400, "") : scores(1);
    enter(scorer(1, 8, 0, Policy.WAIT), 8);
    loop.run(5_000);
    assertAllOnce(8);
    assertEquals(1, errors("http4xx"));
    assertEquals(7, scored());
  }

  @Test
  @DisplayName("an answer that is none is a reason, not an exception")
  void malformed() {
    List<String> answers = List.of("", "0.1\n0.2", "NaN", "2", "<html>", "{\"a\":1}", "[[[");
    for (String answer : answers) {
      endpoint = rows -> reply(200, answer);
      outcomes.clear();
      enter(scorer(4, 1, 0, Policy.REJECT), 1);
      loop.run(1_000);
      assertEquals(1, errors("bad_response"), answer);
    }
  }

  @Test
  @DisplayName("an endpoint that throws loses nothing")
  void thrown() {
    List<Endpoint> broken =
        List.of(
            body -> CompletableFuture.failedFuture(new IllegalStateException("later")),
            body -> {
              throw new IllegalStateException("at once");
            });
    for (Endpoint one : broken) {
      outcomes.clear();
      ScoreSettings settings =
          new ScoreSettings(4, 500, 1, 0, Policy.REJECT, 0, RequestForm.CSV, null);
      enter(new Scorer(settings, one, loop, random::nextDouble, new SilentMetrics()), 100);
      loop.run(60_000);
      assertAllOnce(100);
    }
  }

  @Test
  @DisplayName("through random trouble every row has one outcome, whatever the policy")
  void chaos() {
    for (Policy policy : Policy.values()) {
      outcomes.clear();
      endpoint = this::anything;
      enter(scorer(8, 1 + random.nextInt(8), random.nextInt(10), policy), 3000);
      loop.run(3_600_000);
      assertAllOnce(3000);
    }
  }

  private Reply anything(int rows) {
    return switch (random.nextInt(10)) {
      case 0 -> reply(503, "");
      case 1 -> reply(429, "");
      case 2 -> reply(400, "bad");
      case 3 -> reply(424, "{\"OriginalStatusCode\":500}");
      case 4 -> Reply.failure(ErrorKind.TIMEOUT, "late");
      case 5 -> reply(200, "nonsense");
      default -> scores(rows);
    };
  }

  @Test
  @DisplayName("a bug in the handling of an answer costs its batch the score, and nobody else")
  void bug() {
    Scorer scorer = scorer(1, 4, 5, Policy.WAIT);
    endpoint = ScorerCase::scores;
    enter(
        scorer,
        12,
        outcome -> {
          outcomes.add(outcome);
          if (outcomes.size() == 1) throw new IllegalStateException("a bug");
        });
    loop.run(60_000);
    assertAllOnce(12);
    assertEquals(3, errors("bad_response"));
    assertEquals(9, scored());
  }
}
