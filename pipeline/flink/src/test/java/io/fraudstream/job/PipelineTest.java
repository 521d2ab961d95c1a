package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** From the stream to verdicts and rejects. */
class PipelineTest extends PipelineCase {
  @Test
  @DisplayName("each transaction has one verdict, each bad record a rejection with its reason")
  void everything() throws Exception {
    kinesis.create(transactions, 4);
    List<String> lines = TestTransactions.lines(1500, 40, 1);
    run(3, null);
    put(lines);
    put(lines.subList(100, 160));
    byte[] damaged = KplWriter.aggregate("k", List.of(TestTransactions.bytes(lines.get(0))));
    damaged[damaged.length - 1] ^= 1;
    kinesis.put(transactions, "k", damaged);
    kinesis.put(transactions, "k", TestTransactions.bytes("{\"schema_version\":1}"));
    List<JsonNode> rejected = kinesis.read(rejects, read -> read.size() == 2);
    assertEquals(2, rejected.size());
    String reasons =
        rejected.stream().map(one -> one.get("reason").textValue()).sorted().toList().toString();
    assertTrue(reasons.contains("a damaged KPL aggregate (md5) at shardId-"), reasons);
    assertTrue(reasons.contains("transaction_id is required at shardId-"), reasons);
    List<JsonNode> found = verdictsOf(lines);
    assertEquals(lines.size(), found.size());
    assertEquals(0.25, found.get(0).get("score").doubleValue());
    assertNoRestart();
  }

  @Test
  @DisplayName(
      "a fraud that is reported late raises the risk of its merchant for whoever comes after")
  void labels() throws Exception {
    String labels = "labels-" + verdicts;
    kinesis.create(transactions, 1);
    kinesis.create(labels, 1);
    given.put("labels-stream", labels);
    String merchant = "m3";
    List<String> lines =
        TestTransactions.lines(40, 1, 7).stream()
            .filter(line -> line.contains("\"merchant_id\":\"" + merchant + "\""))
            .limit(2)
            .toList();
    String reportedAt = TestTransactions.candidate(lines.get(0)).eventTime;
    String label =
        """
        {"transaction_id":"x","is_fraud":true,"merchant_id":"%s","reported_at":"%s"}"""
            .formatted(merchant, reportedAt);
    run(2, null);
    // Labels and transactions are two streams: only what comes after a verdict comes surely later.
    put(lines.subList(0, 1));
    verdictsOf(lines.subList(0, 1));
    kinesis.put(labels, "x", TestTransactions.bytes(label));
    Thread.sleep(2_000);
    put(lines.subList(1, 2));
    JsonNode verdict =
        verdictsOf(lines).stream()
            .filter(one -> idsOf(lines.subList(1, 2)).equals(ids(List.of(one))))
            .findFirst()
            .orElseThrow();
    int risk = StagesTest.place("merchant_risk_1d");
    assertTrue(verdict.get("features").get(risk).floatValue() > 0.1f, verdict.toString());
  }
}
