package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.scoring.StubServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The whole job in a Flink of two task managers, between an embedded Kinesis and a stub endpoint.
 */
@Timeout(value = 300, unit = TimeUnit.SECONDS)
abstract class PipelineCase {
  /** Of the cluster of this class: each class has its own. */
  static InMemoryReporter metrics;

  @RegisterExtension
  static final MiniClusterExtension CLUSTER = new MiniClusterExtension(PipelineCase::taskManagers);

  static EmbeddedKinesis kinesis;
  static int tests;

  @TempDir Path directory;
  MiniCluster cluster;
  final Map<String, String> given = new HashMap<>();
  String transactions;
  String verdicts;
  String rejects;
  StubServer stub;
  JobClient job;

  private static MiniClusterResourceConfiguration taskManagers() {
    metrics = InMemoryReporter.createWithRetainedMetrics();
    return new MiniClusterResourceConfiguration.Builder()
        .setNumberTaskManagers(2)
        .setNumberSlotsPerTaskManager(4)
        .setConfiguration(metrics.addToConfiguration(new Configuration()))
        .build();
  }

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
    // The next test has the slots of the task managers to itself.
    while (job != null && !job.getJobStatus().get().isTerminalState()) Thread.sleep(20);
    stub.close();
  }

  void run(int parallelism, String savepoint) throws Exception {
    StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints().toUri().toString());
    if (savepoint != null) configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
    env.configure(configuration);
    env.setParallelism(parallelism);
    env.enableCheckpointing(300);
    new JobGraph(JobSettings.of(given)).build(env);
    job = env.executeAsync();
  }

  /** A folder that no test removes: a cancelled job may still be writing to it. */
  private static Path checkpoints() throws Exception {
    Path target = Files.createDirectories(Path.of("target", "checkpoints"));
    return Files.createTempDirectory(target, "job").toAbsolutePath();
  }

  /** How many of a counter in all subtasks of the operators whose names begin so. */
  long counted(String operator, String name) {
    return metrics.getMetricsByGroup().entrySet().stream()
        .filter(group -> isOfJob(group.getKey().getAllVariables(), operator))
        .mapToLong(
            group -> group.getValue().get(name) instanceof Counter counter ? counter.getCount() : 0)
        .sum();
  }

  private boolean isOfJob(Map<String, String> variables, String operator) {
    return job.getJobID().toString().equals(variables.get("<job_id>"))
        && variables.getOrDefault("<operator_name>", "").startsWith(operator);
  }

  /** Puts lines in aggregates of one card each, so that each stands in the order of its card. */
  void put(List<String> lines) throws Exception {
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

  static Set<String> ids(List<JsonNode> records) {
    return records.stream()
        .map(record -> record.get("transaction_id").textValue())
        .collect(Collectors.toSet());
  }

  static Set<String> idsOf(List<String> lines) {
    return lines.stream()
        .map(line -> TestTransactions.candidate(line).transactionId)
        .collect(Collectors.toSet());
  }

  List<JsonNode> verdictsOf(List<String> lines) throws Exception {
    Set<String> wanted = idsOf(lines);
    List<JsonNode> found = kinesis.read(verdicts, read -> ids(read).containsAll(wanted));
    assertEquals(wanted, ids(found));
    return found;
  }

  void assertNoRestart() throws Exception {
    for (AccessExecutionVertex vertex :
        cluster.getExecutionGraph(job.getJobID()).get().getAllExecutionVertices()) {
      assertEquals(0, vertex.getCurrentExecutionAttempt().getAttemptNumber());
    }
  }

  static void assertOrderOfCards(List<String> lines, List<JsonNode> found) {
    Map<String, List<String>> wanted = new HashMap<>();
    for (String line : lines) {
      var candidate = TestTransactions.candidate(line);
      wanted
          .computeIfAbsent(candidate.cardId, card -> new ArrayList<>())
          .add(candidate.transactionId);
    }
    Map<String, List<String>> seen = new HashMap<>();
    for (JsonNode verdict : found) {
      seen.computeIfAbsent(verdict.get("card_id").textValue(), card -> new ArrayList<>())
          .add(verdict.get("transaction_id").textValue());
    }
    assertEquals(wanted.keySet(), seen.keySet());
    wanted.forEach((card, ids) -> assertEquals(ids, seen.get(card), card));
  }

  /** The features of a card's past count on, as if nothing had happened. */
  static void assertCardCounts(List<String> lines, List<JsonNode> found) throws Exception {
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
}
