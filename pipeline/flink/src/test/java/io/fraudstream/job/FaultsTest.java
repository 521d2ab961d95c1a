package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.scoring.StubServer;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** An endpoint that fails, and a task manager that dies. */
class FaultsTest extends PipelineCase {
  @Test
  @DisplayName(
      "ten seconds without an endpoint, throttling, hangs and nonsense: all in order, nothing lost, no restart")
  void faults() throws Exception {
    kinesis.create(transactions, 4);
    given.put("order", "ordered");
    given.put("capacity", "20");
    Random random = new Random(5);
    stub.behave((exchange, rows) -> trouble(random.nextInt(100), exchange, rows));
    List<String> lines = TestTransactions.lines(2000, 30, 2);
    run(2, null);
    put(lines.subList(0, 700));
    kinesis.read(verdicts, read -> read.size() > 300);
    stub.down();
    put(lines.subList(700, 2000));
    Thread.sleep(10_000);
    stub.up();
    List<JsonNode> found = verdictsOf(lines);
    assertOrderOfCards(lines, found);
    long failed = found.stream().filter(verdict -> verdict.hasNonNull("error")).count();
    assertEquals(failed, kinesis.read(rejects, read -> read.size() >= failed).size());
    for (JsonNode verdict : found) {
      assertEquals("bad_response", verdict.path("error").asText("bad_response"));
    }
    assertNoRestart();
  }

  private static void trouble(int draw, com.sun.net.httpserver.HttpExchange exchange, int rows)
      throws IOException {
    if (draw < 20) StubServer.reply(exchange, 429, "text/plain", "");
    else if (draw == 20) return;
    else if (draw == 21) StubServer.reply(exchange, 200, "text/csv", "nonsense");
    else StubServer.SOUND.answer(exchange, rows);
  }

  @Test
  @DisplayName(
      "a task manager that dies in mid-run: every transaction has a verdict, copies have one id")
  void killed() throws Exception {
    kinesis.create(transactions, 4);
    List<String> lines = TestTransactions.lines(2000, 40, 3);
    stub.behave(FaultsTest::slow);
    given.put("capacity", "10");
    run(3, null);
    put(lines.subList(0, 1000));
    kinesis.read(verdicts, read -> read.size() > 200);
    cluster.terminateTaskManager(0).get();
    cluster.startTaskManager();
    put(lines.subList(1000, 2000));
    List<JsonNode> found = verdictsOf(lines);
    Map<String, Set<String>> verdictIds = new HashMap<>();
    for (JsonNode verdict : found) {
      verdictIds
          .computeIfAbsent(verdict.get("transaction_id").textValue(), id -> new HashSet<>())
          .add(verdict.get("verdict_id").textValue());
    }
    verdictIds.values().forEach(same -> assertEquals(1, same.size()));
    assertCardCounts(lines, found);
  }

  private static void slow(com.sun.net.httpserver.HttpExchange exchange, int rows)
      throws IOException {
    try {
      Thread.sleep(20);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
    StubServer.SOUND.answer(exchange, rows);
  }
}
