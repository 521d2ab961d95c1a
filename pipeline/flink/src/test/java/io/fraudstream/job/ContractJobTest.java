package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The job and the command line read and write the same bytes by the same contract. */
class ContractJobTest extends PipelineCase {
  private static final int COUNT = 200;
  private static final int IN_AGGREGATE = 50;

  @ParameterizedTest
  @DisplayName(
      "verdicts of each example of a contract are those of the command line, byte for byte")
  @ValueSource(strings = {"flat-json", "nested-alerts", "csv", "avro-glue", "protobuf"})
  void examples(String name) throws Exception {
    String contract = Cli.root().resolve("examples/" + name + "/contract.yaml").toString();
    boolean isBinary = name.equals("avro-glue") || name.equals("protobuf");
    Path file = directory.resolve(name.equals("csv") ? "world.csv" : "world.ndjson");
    cli("generate --seed 7 --count %d --contract %s --out %s", COUNT, contract, file);
    Path scored = directory.resolve("scored");
    cli("score --local --threshold 0.02 --contract %s --input %s --out %s", contract, file, scored);
    List<String> wanted = sorted(records(scored, name, isBinary));
    kinesis.create(transactions, 1);
    given.put("contract", contract);
    given.put("threshold", "0.02");
    given.remove("with-features");
    given.remove("url");
    given.put("endpoint-name", "fraud");
    given.put("endpoint-url", kinesis.endpoint());
    run(1, null);
    List<byte[]> payloads = records(file, name, isBinary);
    for (int from = 0; from < COUNT; from += IN_AGGREGATE) {
      List<byte[]> part = payloads.subList(from, from + IN_AGGREGATE);
      kinesis.put(transactions, "k", KplWriter.aggregate("k", part));
    }
    byte[] noise = "neither of them\0".getBytes(StandardCharsets.UTF_8);
    kinesis.put(transactions, "k", noise);
    assertEquals(wanted, sorted(kinesis.readBytes(verdicts, wanted.size())));
    assertTrue(wanted.size() > 0);
    List<JsonNode> rejected = kinesis.read(rejects, read -> !read.isEmpty());
    assertEquals(1, rejected.size());
    assertEquals("bad_data", rejected.get(0).get("error").textValue());
    assertNoRestart();
  }

  private void cli(String command, Object... values) throws Exception {
    Path output = Files.createTempFile(directory, "output", "");
    Cli.run(output, command.formatted(values).split(" "));
  }

  /** The records of a file: lines, of CSV behind the header, of binary forms in Base64. */
  private static List<byte[]> records(Path file, String name, boolean isBinary) throws Exception {
    List<byte[]> records = new ArrayList<>();
    List<String> lines = Files.readAllLines(file);
    for (String line : name.equals("csv") ? lines.subList(1, lines.size()) : lines) {
      byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
      records.add(isBinary ? Base64.getDecoder().decode(line) : bytes);
    }
    return records;
  }

  private static List<String> sorted(List<byte[]> records) {
    return records.stream().map(Base64.getEncoder()::encodeToString).sorted().toList();
  }
}
