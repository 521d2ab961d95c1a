package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fraudstream.features.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.flink.metrics.Counter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * In the order of event time the job over several shards computes what the command line computes of
 * the same transactions, sorted. {@code -Dparity.transactions=100000} takes more of them.
 */
class ParityTest extends PipelineCase {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int COUNT = Integer.getInteger("parity.transactions", 20_000);

  /** Neighbours change places within so many; at 5,000 cards that is a quarter of an hour. */
  private static final int BLOCK = 50;

  private record Line(String time, String id, String text) {}

  private List<Line> lines;
  private Map<String, JsonNode> wanted;

  @BeforeEach
  void world() throws Exception {
    kinesis.create(transactions, 4);
    given.put("feature-order", "event-time");
    given.put("out-of-orderness", "2 h");
    given.put("idleness", "4 s");
    given.put("batch-rows", "16");
    given.put("linger", "5 ms");
    Path world = directory.resolve("world.ndjson");
    String[] size = {"--count", "" + COUNT, "--cards", "5000", "--merchants", "300"};
    Cli.run(world, join(new String[] {"generate", "--seed", "7"}, size));
    lines = new ArrayList<>();
    for (String text : Files.readAllLines(world)) {
      JsonNode one = JSON.readTree(text);
      lines.add(
          new Line(one.get("event_time").textValue(), one.get("transaction_id").textValue(), text));
    }
    List<Line> sorted = new ArrayList<>(lines);
    sorted.sort(Comparator.comparing(Line::time).thenComparing(Line::id));
    Path input = write("sorted.ndjson", sorted);
    Path scored = directory.resolve("wanted.ndjson");
    String[] score = {"score", "--local", "--with-features", "--batch-rows", "16"};
    Cli.run(scored, join(score, "--input", input.toString()));
    wanted = new HashMap<>();
    for (String text : Files.readAllLines(scored)) {
      JsonNode verdict = JSON.readTree(text);
      wanted.put(verdict.get("transaction_id").textValue(), verdict);
    }
    Random random = new Random(3);
    for (int from = 0; from < lines.size(); from += BLOCK) {
      Collections.shuffle(lines.subList(from, Math.min(from + BLOCK, lines.size())), random);
    }
  }

  private static String[] join(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    Collections.addAll(all, more);
    return all.toArray(String[]::new);
  }

  private Path write(String name, List<Line> some) throws Exception {
    Path file = directory.resolve(name);
    return Files.write(file, some.stream().map(Line::text).toList());
  }

  private void produce(int from, int to) throws Exception {
    Path input = write("part-" + from + ".ndjson", lines.subList(from, to));
    String[] produce = {"produce", "--rate", "max", "--stream", transactions};
    Path report = directory.resolve("report");
    Cli.run(report, join(produce, "--endpoint-url", kinesis.url(), "--input", input.toString()));
  }

  private List<JsonNode> judged() throws Exception {
    Path read = directory.resolve("verdicts.ndjson");
    String[] consume = {"consume", "--from", "trim-horizon", "--idle-timeout", "20s"};
    String[] where = {"--stream", verdicts, "--endpoint-url", kinesis.url(), "--count", "" + COUNT};
    Cli.run(read, join(consume, where));
    List<JsonNode> found = new ArrayList<>();
    for (String text : Files.readAllLines(read)) found.add(JSON.readTree(text));
    return found;
  }

  /** How many of a counter in all subtasks of all operators. */
  private long counted(String name) {
    return METRICS.findMetrics(job.getJobID(), "." + name).values().stream()
        .mapToLong(metric -> metric instanceof Counter counter ? counter.getCount() : 0)
        .sum();
  }

  private void assertParity(List<JsonNode> found, boolean isScored) {
    assertEquals(0, counted("tooLate"), "came too late");
    assertEquals(0, counted("late"), "late in a stage");
    assertEquals(COUNT, wanted.size());
    assertEquals(wanted.keySet(), ids(found));
    assertEquals(COUNT, found.size());
    Map<String, Integer> differing = new TreeMap<>();
    for (JsonNode verdict : found) {
      JsonNode same = wanted.get(verdict.get("transaction_id").textValue());
      for (int place = 0; place < Manifest.WIDTH; place++) {
        boolean isSame = bits(verdict, place) == bits(same, place);
        String name = Manifest.FEATURES.get(place).name();
        if (!isSame) differing.merge(name, 1, Integer::sum);
      }
      boolean isSame = !isScored || verdict.get("score").equals(same.get("score"));
      if (!isSame) differing.merge("score", 1, Integer::sum);
    }
    assertEquals(Map.of(), differing, "verdicts that differ, of " + COUNT);
  }

  /**
   * Of a feature, which is a float32; the two write the same one with more digits or with fewer.
   */
  private static int bits(JsonNode verdict, int place) {
    JsonNode value = verdict.get("features").get(place);
    return Float.floatToIntBits(value.isNull() ? Float.NaN : value.floatValue());
  }

  @Test
  @DisplayName("features and scores of 4 shards at parallelism 2, to the last bit")
  void parity() throws Exception {
    given.remove("url");
    given.put("endpoint-name", "fraud");
    given.put("endpoint-url", kinesis.endpoint());
    produce(0, COUNT / 2);
    run(2, null);
    produce(COUNT / 2, COUNT);
    assertParity(judged(), true);
    assertNoRestart();
  }

  @Test
  @DisplayName("ten seconds without an endpoint, longer than the idleness, change no order")
  void outage() throws Exception {
    given.put("capacity", "10");
    produce(0, COUNT / 2);
    run(2, null);
    kinesis.read(verdicts, read -> read.size() > 100);
    stub.down();
    produce(COUNT / 2, COUNT);
    Thread.sleep(10_000);
    stub.up();
    assertParity(judged(), false);
    assertNoRestart();
  }
}
