package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.features.Manifest;
import io.fraudstream.scoring.ScoreSettings.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScorerTest {
  private static final long LATENCY_MS = 50;

  private final VirtualLoop loop = new VirtualLoop();
  private final Random random = new Random(1);
  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<Integer> rowsOfRequests = new ArrayList<>();
  private int inFlight;
  private int inFlightMost;
  private int retries;
  private String lastBody = "";

  /** What the endpoint says to so many rows; null is no answer ever. */
  private Function<Integer, Reply> endpoint;

  @BeforeEach
  void sound() {
    endpoint = ScorerTest::scores;
  }

  private static Reply scores(int rows) {
    return reply(200, String.join("\n", Collections.nCopies(rows, "0.25")));
  }

  private static Reply reply(int status, String body) {
    return new Reply(status, "text/csv", "", "m1", 0, body, null, "");
  }

  private CompletableFuture<Reply> send(byte[] body) {
    lastBody = new String(body, StandardCharsets.US_ASCII);
    int rows = lastBody.split("\n", -1).length;
    rowsOfRequests.add(rows);
    inFlightMost = Math.max(inFlightMost, ++inFlight);
    CompletableFuture<Reply> answer = new CompletableFuture<>();
    loop.after(
        LATENCY_MS,
        () -> {
          inFlight -= 1;
          answer.complete(endpoint.apply(rows));
        });
    return answer;
  }

  private Scorer scorer(int capacity, int batchRows, long lingerMs, Policy policy) {
    ScoreSettings settings =
        new ScoreSettings(
            capacity, 10_000, batchRows, lingerMs, policy, 600_000, RequestForm.CSV, null);
    ScoringMetrics metrics =
        new SilentMetrics() {
          @Override
          public void retried() {
            retries += 1;
          }
        };
    return new Scorer(settings, this::send, loop, random::nextDouble, metrics);
  }

  private void enter(Scorer scorer, int rows) {
    for (int row = 0; row < rows; row++) {
      Candidate candidate = new Candidate();
      candidate.transactionId = String.valueOf(row);
      candidate.features = new float[Manifest.WIDTH];
      candidate.features[0] = row;
      scorer.score(candidate, outcomes::add);
    }
  }

  private void assertAllOnce(int rows) {
    assertEquals(rows, outcomes.size());
    long different = outcomes.stream().map(outcome -> outcome.candidate).distinct().count();
    assertEquals(rows, different);
  }

  private long errors(String error) {
    return outcomes.stream().filter(outcome -> error.equals(outcome.error)).count();
  }

  private long scored() {
    return outcomes.stream().filter(outcome -> outcome.error == null).count();
  }

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
  @DisplayName("a refused row is found by taking its batch apart; its neighbours are scored")
  void badRow() {
    int[] bad = {0};
    endpoint = rows -> rows > 1 ? reply(400, "bad row") : bad[0]++ == 5 ? reply(400, "") : scores(1);
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
    CompletableFuture<Reply> broken = new CompletableFuture<>();
    broken.completeExceptionally(new IllegalStateException("broken"));
    Scorer throwing =
        new Scorer(
            new ScoreSettings(4, 500, 1, 0, Policy.REJECT, 0, RequestForm.CSV, null),
            body -> broken,
            loop,
            random::nextDouble,
            new SilentMetrics());
    enter(throwing, 100);
    loop.run(60_000);
    assertAllOnce(100);
  }

  @Test
  @DisplayName("an endpoint that is down for ten seconds under wait loses nothing and rejects nothing")
  void outageWaits() {
    Scorer scorer = scorer(20, 1, 0, Policy.WAIT);
    endpoint = rows -> Reply.failure(ErrorKind.CONNECT, "refused");
    enter(scorer, 1000);
    loop.run(10_000);
    assertTrue(scorer.isBreakerOpen());
    int requestsOfOutage = rowsOfRequests.size();
    assertTrue(requestsOfOutage < 200, "a dead endpoint was asked " + requestsOfOutage + " times");
    endpoint = ScorerTest::scores;
    loop.run(20_000);
    assertAllOnce(1000);
    assertEquals(1000, scored());
    assertTrue(!scorer.isBreakerOpen());
  }

  @Test
  @DisplayName("one row alone, after good minutes, waits an outage out too")
  void loneRow() {
    Scorer scorer = scorer(1, 1, 0, Policy.WAIT);
    enter(scorer, 150);
    loop.run(150 * LATENCY_MS);
    outcomes.clear();
    endpoint = rows -> Reply.failure(ErrorKind.CONNECT, "refused");
    enter(scorer, 1);
    loop.run(60_000);
    assertEquals(0, outcomes.size());
    endpoint = ScorerTest::scores;
    loop.run(10_000);
    assertEquals(1, scored());
  }

  @Test
  @DisplayName("a row that kills its container stops nobody else for long, and is rejected")
  void poison() {
    Scorer scorer = scorer(1, 1, 0, Policy.WAIT);
    endpoint = rows -> lastBody.startsWith("13,") ? reply(503, "died") : scores(1);
    enter(scorer, 30);
    loop.run(60_000);
    assertEquals(29, scored());
    loop.run(600_000);
    assertAllOnce(30);
    assertEquals(1, errors("http5xx"));
  }

  @Test
  @DisplayName("under wait, patience ends too: then all is rejected with the reason of the outage")
  void patience() {
    endpoint = rows -> reply(503, "down");
    enter(scorer(20, 1, 0, Policy.WAIT), 100);
    loop.run(700_000);
    assertAllOnce(100);
    assertTrue(errors("http5xx") > 0);
    assertEquals(100, errors("http5xx") + errors("timeout"));
  }

  @Test
  @DisplayName("under rules, the signs in the features score while the endpoint is down")
  void rules() {
    endpoint = rows -> Reply.failure(ErrorKind.CONNECT, "refused");
    enter(scorer(20, 1, 0, Policy.RULES), 200);
    loop.run(12_000);
    assertAllOnce(200);
    assertEquals(200, scored());
    assertEquals(Rules.VERSION, outcomes.get(199).modelVersion);
  }

  @Test
  @DisplayName("under reject, all is rejected at once while the endpoint is down")
  void reject() {
    endpoint = rows -> Reply.failure(ErrorKind.CONNECT, "refused");
    Scorer scorer = scorer(20, 1, 0, Policy.REJECT);
    enter(scorer, 100);
    loop.run(2_000);
    assertAllOnce(100);
    assertEquals(100, errors("connect") + errors("dropped"));
    endpoint = ScorerTest::scores;
    loop.run(10_000);
    outcomes.clear();
    enter(scorer, 1);
    loop.run(1_000);
    assertEquals(1, scored());
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
}
