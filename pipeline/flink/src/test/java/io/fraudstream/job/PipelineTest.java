package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.scoring.StubServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job in a Flink of two task managers, between an embedded Kinesis and a stub endpoint. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class PipelineTest {
  @RegisterExtension
  static final MiniClusterExtension CLUSTER =
      new MiniClusterExtension(
          new MiniClusterResourceConfiguration.Builder()
              .setNumberTaskManagers(2)
              .setNumberSlotsPerTaskManager(4)
              .build());

  private static EmbeddedKinesis kinesis;
  private static int tests;

  @TempDir Path directory;
  private MiniCluster cluster;
  private final Map<String, String> given = new HashMap<>();
  private String transactions;
  private String verdicts;
  private String rejects;
  private StubServer stub;
  private JobClient job;

  @BeforeAll
  static void start() throws Exception {
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    kinesis = EmbeddedKinesis.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (kinesis != null) kinesis.close();
  }

  @BeforeEach
  void streams(@InjectMiniCluster MiniCluster injected) throws Exception {
    cluster = injected;
    tests += 1;
    transactions = "transactions-" + tests;
    verdicts = "verdicts-" + tests;
    rejects = "rejects-" + tests;
    kinesis.create(verdicts, 16);
    kinesis.create(rejects, 1);
    stub = new StubServer();
    given.put("from-stream", transactions);
    given.put("to-stream", verdicts);
    given.put("rejects-stream", rejects);
    given.put("kinesis-endpoint-url", kinesis.url());
    given.put("url", stub.url());
    given.put("shard-discovery", "3 s");
    given.put("request-timeout", "500 ms");
    given.put("with-features", "true");
  }

  @AfterEach
  void cancel() throws Exception {
    if (job != null && !job.getJobStatus().get().isTerminalState()) job.cancel().get();
    stub.close();
  }

  private void run(int parallelism, String savepoint) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri().toString());
    if (savepoint != null) configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    env.configure(configuration);
    env.setParallelism(parallelism);
    env.enableCheckpointing(300);
    new JobGraph(JobSettings.of(given)).build(env);
    job = env.executeAsync();
  }

  /** Puts lines in aggregates of one card each, so that each stands in the order of its card. */
  private void put(List<String> lines) throws Exception {
    Map<String, List<byte[]>> open = new HashMap<>();
    for (String line : lines) {
      String card = TestTransactions.candidate(line).cardId;
      List<byte[]> records = open.computeIfAbsent(card, key -> new ArrayList<>());
      records.add(TestTransactions.bytes(line));
      if (records.size() == 10) {
        kinesis.put(transactions, card, KplWriter.aggregate(card, open.remove(card)));
      }
    }
    for (var rest : open.entrySet()) {
      kinesis.put(transactions, rest.getKey(), KplWriter.aggregate(rest.getKey(), rest.getValue()));
    }
  }

  private static Set<String> ids(List<JsonNode> records) {
    return records.stream()
        .map(record -> record.get("transaction_id").textValue())
        .collect(Collectors.toSet());
  }

  private static Set<String> idsOf(List<String> lines) {
    return lines.stream()
        .map(line -> TestTransactions.candidate(line).transactionId)
        .collect(Collectors.toSet());
  }

  private List<JsonNode> verdictsOf(List<String> lines) throws Exception {
    Set<String> wanted = idsOf(lines);
    List<JsonNode> found = kinesis.read(verdicts, read -> ids(read).containsAll(wanted));
    assertEquals(wanted, ids(found));
    return found;
  }

  private void assertNoRestart() throws Exception {
    for (AccessExecutionVertex vertex :
        cluster.getExecutionGraph(job.getJobID()).get().getAllExecutionVertices()) {
      assertEquals(0, vertex.getCurrentExecutionAttempt().getAttemptNumber());
    }
  }

  private static void assertOrderOfCards(List<String> lines, List<JsonNode> found) {
    Map<String, List<String>> wanted = new HashMap<>();
    for (String line : lines) {
      var candidate = TestTransactions.candidate(line);
      wanted.computeIfAbsent(candidate.cardId, card -> new ArrayList<>()).add(candidate.transactionId);
    }
    Map<String, List<String>> seen = new HashMap<>();
    for (JsonNode verdict : found) {
      seen.computeIfAbsent(verdict.get("card_id").textValue(), card -> new ArrayList<>())
          .add(verdict.get("transaction_id").textValue());
    }
    assertEquals(wanted.keySet(), seen.keySet());
    wanted.forEach((card, ids) -> assertEquals(ids, seen.get(card), card));
  }

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
    String reasons = rejected.stream().map(one -> one.get("reason").textValue()).sorted().toList().toString();
    assertTrue(reasons.contains("a damaged KPL aggregate (md5) at shardId-"), reasons);
    assertTrue(reasons.contains("transaction_id is required at shardId-"), reasons);
    List<JsonNode> found = verdictsOf(lines);
    assertEquals(lines.size(), found.size());
    assertEquals(0.25, found.get(0).get("score").doubleValue());
    assertNoRestart();
  }

  @Test
  @DisplayName("ten seconds without an endpoint, throttling, hangs and nonsense: all in order, nothing lost, no restart")
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
  @DisplayName("a task manager that dies in mid-run: every transaction has a verdict, copies have one id")
  void killed() throws Exception {
    kinesis.create(transactions, 4);
    List<String> lines = TestTransactions.lines(2000, 40, 3);
    stub.behave(PipelineTest::slow);
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

  /** The features of a card's past count on, as if nothing had happened. */
  private static void assertCardCounts(List<String> lines, List<JsonNode> found) throws Exception {
    Map<String, float[]> wanted = CardRows.of(lines);
    for (JsonNode verdict : found) {
      float[] row = wanted.get(verdict.get("transaction_id").textValue());
      for (int place : CardRows.PLACES) {
        JsonNode seen = verdict.get("features").get(place);
        float value = seen.isNull() ? Float.NaN : seen.floatValue();
        assertEquals(row[place], value, verdict.toString());
      }
    }
  }

  @Test
  @DisplayName("stopped with a savepoint and restarted with other parallelism, features go on to the last bit")
  void rescaled() throws Exception {
    kinesis.create(transactions, 4);
    List<String> lines = TestTransactions.lines(1200, 30, 4);
    run(2, null);
    put(lines.subList(0, 600));
    verdictsOf(lines.subList(0, 600));
    String savepoint =
        job.stopWithSavepoint(false, directory.toUri().toString(), SavepointFormatType.CANONICAL)
            .get();
    put(lines.subList(600, 1200));
    run(3, savepoint);
    List<JsonNode> found = verdictsOf(lines);
    assertEquals(lines.size(), found.size());
    assertCardCounts(lines, found);
  }

  @Test
  @DisplayName("shards that are split and merged in mid-run lose nothing, and cards keep their past")
  void resharded() throws Exception {
    kinesis.create(transactions, 2);
    List<String> lines = TestTransactions.lines(1500, 30, 6);
    run(2, null);
    put(lines.subList(0, 500));
    String middle = "85070591730234615865843651857942052864";
    kinesis.ask(
        "SplitShard",
        EmbeddedKinesis.fields()
            .put("StreamName", transactions)
            .put("ShardToSplit", "shardId-000000000000")
            .put("NewStartingHashKey", middle));
    kinesis.untilActive(transactions);
    put(lines.subList(500, 1000));
    kinesis.ask(
        "MergeShards",
        EmbeddedKinesis.fields()
            .put("StreamName", transactions)
            .put("ShardToMerge", "shardId-000000000002")
            .put("AdjacentShardToMerge", "shardId-000000000003"));
    kinesis.untilActive(transactions);
    put(lines.subList(1000, 1500));
    List<JsonNode> found = verdictsOf(lines);
    assertEquals(lines.size(), found.size());
    assertCardCounts(lines, found);
    assertNoRestart();
  }
}
