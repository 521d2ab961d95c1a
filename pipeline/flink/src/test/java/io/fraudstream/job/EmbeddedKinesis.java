package io.fraudstream.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fraudstream.kpl.Deaggregated.Aggregate;
import io.fraudstream.kpl.Deaggregator;
import io.fraudstream.kpl.UserRecord;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Assumptions;

/**
 * The embedded Kinesis of the CLI and its endpoint, in a process of their own: {@code fraudstream
 * up}.
 */
final class EmbeddedKinesis implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long PATIENCE_MS = 60_000;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final String url;
  private final String endpoint;

  private EmbeddedKinesis(Process process, JsonNode ready) {
    this.process = process;
    this.url = ready.get("kinesis").textValue();
    this.endpoint = ready.get("endpoint").textValue();
  }

  /**
   * Skips the test where the CLI is not built; with FRAUDSTREAM_REQUIRE_ALL=1 that is a failure.
   */
  static EmbeddedKinesis start() throws Exception {
    Path root = Cli.root();
    boolean isBuilt = Files.exists(root.resolve("dist/main.js"));
    if (!isBuilt && "1".equals(System.getenv("FRAUDSTREAM_REQUIRE_ALL"))) {
      throw new IllegalStateException("The CLI is not built: run npx tsc in " + root + ".");
    }
    Assumptions.assumeTrue(isBuilt, "the CLI is not built: run npx tsc");
    ProcessBuilder command =
        new ProcessBuilder("node", "bin/fraudstream", "up", "--streams", "unused:1")
            .directory(root.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = command.start();
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String ready = out.readLine();
    if (ready == null) throw new IllegalStateException("fraudstream up ended at once.");
    return new EmbeddedKinesis(process, JSON.readTree(ready));
  }

  String url() {
    return url;
  }

  /** The scoring endpoint beside it, as the SageMaker runtime; it is called fraud. */
  String endpoint() {
    return endpoint;
  }

  JsonNode ask(String action, ObjectNode fields) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "Kinesis_20131202." + action)
            .POST(HttpRequest.BodyPublishers.ofString(fields.toString()))
            .build();
    var answer = client.send(request, BodyHandlers.ofString());
    if (answer.statusCode() != 200) throw new IllegalStateException(action + ": " + answer.body());
    return answer.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(answer.body());
  }

  static ObjectNode fields() {
    return JSON.createObjectNode();
  }

  void create(String stream, int shards) throws Exception {
    create(stream, shards, 1024);
  }

  void create(String stream, int shards, int recordKib) throws Exception {
    ObjectNode fields = fields().put("StreamName", stream).put("ShardCount", shards);
    ask("CreateStream", fields.put("MaxRecordSizeInKiB", recordKib));
    untilActive(stream);
  }

  void untilActive(String stream) throws Exception {
    String status = "";
    while (!status.equals("ACTIVE")) {
      Thread.sleep(20);
      JsonNode said = ask("DescribeStreamSummary", fields().put("StreamName", stream));
      status = said.get("StreamDescriptionSummary").get("StreamStatus").textValue();
    }
  }

  /** Puts one record, again and again while its shard has no room. */
  void put(String stream, String key, byte[] data) throws Exception {
    ObjectNode fields = fields().put("StreamName", stream);
    ArrayNode records = fields.putArray("Records");
    records
        .addObject()
        .put("PartitionKey", key)
        .put("Data", Base64.getEncoder().encodeToString(data));
    while (ask("PutRecords", fields).get("FailedRecordCount").intValue() > 0) Thread.sleep(50);
  }

  /** All records of a stream, read again and again until they satisfy. */
  List<JsonNode> read(String stream, Predicate<List<JsonNode>> isEnough) throws Exception {
    long end = System.currentTimeMillis() + PATIENCE_MS;
    List<JsonNode> found = readOnce(stream);
    while (!isEnough.test(found) && System.currentTimeMillis() < end) {
      Thread.sleep(200);
      found = readOnce(stream);
    }
    return found;
  }

  private List<JsonNode> readOnce(String stream) throws Exception {
    List<JsonNode> found = new ArrayList<>();
    for (byte[] record : bytesOnce(stream)) found.add(JSON.readTree(record));
    return found;
  }

  /** The bytes of at least so many user records of a stream; all there are after a minute. */
  List<byte[]> readBytes(String stream, int count) throws Exception {
    long end = System.currentTimeMillis() + PATIENCE_MS;
    List<byte[]> found = bytesOnce(stream);
    while (found.size() < count && System.currentTimeMillis() < end) {
      Thread.sleep(200);
      found = bytesOnce(stream);
    }
    return found;
  }

  private List<byte[]> bytesOnce(String stream) throws Exception {
    List<byte[]> found = new ArrayList<>();
    for (JsonNode shard : shards(stream))
      readShard(stream, shard.get("ShardId").textValue(), found);
    return found;
  }

  JsonNode shards(String stream) throws Exception {
    return ask("ListShards", fields().put("StreamName", stream)).get("Shards");
  }

  private void readShard(String stream, String shard, List<byte[]> found) throws Exception {
    ObjectNode asked = fields().put("StreamName", stream).put("ShardId", shard);
    JsonNode next = ask("GetShardIterator", asked.put("ShardIteratorType", "TRIM_HORIZON"));
    String iterator = next.get("ShardIterator").textValue();
    while (iterator != null) {
      JsonNode page =
          ask("GetRecords", fields().put("ShardIterator", iterator).put("Limit", 10_000));
      if (page.get("Records").isEmpty()) return;
      for (JsonNode record : page.get("Records")) {
        byte[] data = Base64.getDecoder().decode(record.get("Data").textValue());
        found.addAll(userRecords(data));
      }
      iterator = page.path("NextShardIterator").textValue();
    }
  }

  private static List<byte[]> userRecords(byte[] data) {
    return new Deaggregator().deaggregate(data) instanceof Aggregate aggregate
        ? aggregate.records().stream().map(UserRecord::data).toList()
        : List.of(data);
  }

  @Override
  public void close() throws Exception {
    process.destroy();
    process.waitFor();
  }
}
