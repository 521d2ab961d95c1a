package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.fraudstream.features.Manifest;
import io.fraudstream.scoring.ScoreSettings.Policy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;

/** A scorer in virtual time before an endpoint of 50 ms that says what a test wants. */
abstract class ScorerCase {
  static final long LATENCY_MS = 50;

  final VirtualLoop loop = new VirtualLoop();
  final Random random = new Random(1);
  final List<Outcome> outcomes = new ArrayList<>();
  final List<Integer> rowsOfRequests = new ArrayList<>();
  int inFlight;
  int inFlightMost;
  int retries;
  String lastBody = "";

  /** What the endpoint says to so many rows; null is no answer ever. */
  Function<Integer, Reply> endpoint;

  @BeforeEach
  void sound() {
    endpoint = ScorerTest::scores;
  }

  static Reply scores(int rows) {
    return reply(200, String.join("\n", Collections.nCopies(rows, "0.25")));
  }

  static Reply reply(int status, String body) {
    return new Reply(status, "text/csv", "", "m1", 0, body, null, "");
  }

  CompletableFuture<Reply> send(byte[] body) {
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

  Scorer scorer(int capacity, int batchRows, long lingerMs, Policy policy) {
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

  void enter(Scorer scorer, int rows) {
    enter(scorer, rows, outcomes::add);
  }

  void enter(Scorer scorer, int rows, Consumer<Outcome> done) {
    for (int row = 0; row < rows; row++) {
      Candidate candidate = new Candidate();
      candidate.transactionId = String.valueOf(row);
      candidate.features = new float[Manifest.WIDTH];
      candidate.features[0] = row;
      scorer.score(candidate, done);
    }
  }

  void assertAllOnce(int rows) {
    assertEquals(rows, outcomes.size());
    long different = outcomes.stream().map(outcome -> outcome.candidate).distinct().count();
    assertEquals(rows, different);
  }

  long errors(String error) {
    return outcomes.stream().filter(outcome -> error.equals(outcome.error)).count();
  }

  long scored() {
    return outcomes.stream().filter(outcome -> outcome.error == null).count();
  }
}
