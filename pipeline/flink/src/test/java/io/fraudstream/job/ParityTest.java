package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

  /** So many neighbours change places among each other: less than the out-of-orderness. */
  private static final int BLOCK = 10;

  private record Line(String time, String id, String text) {}

  private final List<Line> lines = new ArrayList<>();
  private final Map<String, float[]> rows = new HashMap<>();
  private final Map<String, JsonNode> scores = new HashMap<>();
  private Path labels;
  private Path sorted;

  @BeforeEach
  void world() throws Exception {
    kinesis.create(transactions, 4);
    given.put("feature-order", "event-time");
    given.put("out-of-orderness", "30 min");
    // On a busy machine a shard is read seconds after the others.
    given.put("watermark-delay", "10 s");
    given.put("idleness", "10 s");
    given.put("batch-rows", "16");
    given.put("linger", "5 ms");
    Path world = directory.resolve("world.ndjson");
    labels = directory.resolve("world.labels.ndjson");
    cli(
        "generate --seed 7 --cards 1000 --merchants 100 --fraud-rate 5%% --labels sidecar"
            + " --count %d --out %s",
        COUNT, world);
    for (JsonNode one : read(world)) {
      String id = one.get("transaction_id").textValue();
      lines.add(new Line(one.get("event_time").textValue(), id, one.toString()));
    }
    lines.sort(Comparator.comparing(Line::time).thenComparing(Line::id));
    sorted = write("sorted.ndjson", lines);
    Random random = new Random(3);
    for (int from = 0; from < COUNT; from += BLOCK) {
      Collections.shuffle(lines.subList(from, Math.min(from + BLOCK, COUNT)), random);
    }
  }

  private Path cli(String command, Object... values) throws Exception {
    Path output = Files.createTempFile(directory, "output", "");
    Cli.run(output, command.formatted(values).split(" "));
    return output;
  }

  private Path write(String name, List<Line> some) throws Exception {
    return Files.write(directory.resolve(name), some.stream().map(Line::text).toList());
  }

  private static List<JsonNode> read(Path file) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (String text : Files.readAllLines(file)) found.add(JSON.readTree(text));
    return found;
  }

  private void produce(int from, int to) throws Exception {
    Path part = write("part.ndjson", lines.subList(from, to));
    cli(
        "produce --rate 4k/s --ordered --stream %s --endpoint-url %s --input %s",
        transactions, kinesis.url(), part);
  }

  private static float[] features(JsonNode verdict) {
    float[] row = new float[Manifest.WIDTH];
    for (int place = 0; place < row.length; place++) {
      JsonNode value = verdict.get("features").get(place);
      row[place] = value.isNull() ? Float.NaN : value.floatValue();
    }
    return row;
  }

  private void assertParity() throws Exception {
    String consume = "consume --from trim-horizon --idle-timeout 90s --count %d --stream %s";
    List<JsonNode> found =
        read(cli(consume + " --endpoint-url %s", COUNT, verdicts, kinesis.url()));
    assertEquals(0, counted("", "tooLate"), "came too late");
    assertEquals(0, counted("", "late"), "late in a stage");
    assertEquals(COUNT, found.size());
    assertEquals(rows.keySet(), ids(found));
    Map<String, Integer> differing = new TreeMap<>();
    for (JsonNode verdict : found) {
      String id = verdict.get("transaction_id").textValue();
      float[] row = features(verdict);
      for (int place = 0; place < row.length; place++) {
        boolean isSame =
            Float.floatToIntBits(row[place]) == Float.floatToIntBits(rows.get(id)[place]);
        if (!isSame) differing.merge(Manifest.FEATURES.get(place).name(), 1, Integer::sum);
      }
      boolean isSame = scores.isEmpty() || verdict.get("score").equals(scores.get(id));
      if (!isSame) differing.merge("score", 1, Integer::sum);
    }
    assertEquals(Map.of(), differing, "verdicts that differ, of " + COUNT);
    assertNoRestart();
  }

  @Test
  @DisplayName("features and scores of 4 shards that were silent at first, to the last bit")
  void scores() throws Exception {
    given.remove("url");
    given.put("endpoint-name", "fraud");
    given.put("endpoint-url", kinesis.endpoint());
    run(2, null);
    String score = "score --local --with-features --batch-rows 16 --order ordered --input %s";
    for (JsonNode verdict : read(cli(score, sorted))) {
      String id = verdict.get("transaction_id").textValue();
      rows.put(id, features(verdict));
      scores.put(id, verdict.get("score"));
    }
    // Every shard is idle by then, and each is read a little earlier or later than the others.
    Thread.sleep(14_000);
    produce(0, COUNT);
    assertParity();
  }

  @Test
  @DisplayName(
      "features with reported frauds, and ten seconds without an endpoint, to the last bit")
  void labelsAndOutage() throws Exception {
    given.put("capacity", "10");
    given.put("labels-stream", "labels-" + verdicts);
    kinesis.create("labels-" + verdicts, 1);
    int frauds = 0;
    for (JsonNode label : read(labels)) {
      if (!label.get("is_fraud").booleanValue()) continue;
      frauds += 1;
      kinesis.put("labels-" + verdicts, "x", TestTransactions.bytes(label.toString()));
    }
    List<String> table = Files.readAllLines(cli("features --input %s --labels %s", sorted, labels));
    for (String line : table.subList(1, table.size())) remember(line.split(",", -1));
    run(2, null);
    while (counted("", "labels") < frauds) Thread.sleep(100);
    produce(0, COUNT / 2);
    kinesis.read(verdicts, read -> read.size() > 100);
    stub.down();
    produce(COUNT / 2, COUNT);
    Thread.sleep(10_000);
    stub.up();
    assertParity();
    assertTrue(frauds > 0);
  }

  /** Cells: transaction_id, event_time, card_id, and the features. */
  private void remember(String[] cells) {
    float[] row = new float[Manifest.WIDTH];
    for (int place = 0; place < row.length; place++) {
      String cell = cells[place + 3];
      row[place] = cell.isEmpty() ? Float.NaN : Float.parseFloat(cell);
    }
    rows.put(cells[0], row);
  }
}
