package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.scoring.ScoreSettings.Policy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class OutageTest extends ScorerCase {
  @Test
  @DisplayName(
      "an endpoint that is down for ten seconds under wait loses nothing and rejects nothing")
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
    assertEquals(100, errors("http5xx") + errors("dropped"));
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
}
