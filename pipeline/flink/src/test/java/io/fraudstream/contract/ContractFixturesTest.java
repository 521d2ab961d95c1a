package io.fraudstream.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fraudstream.Fixtures;
import io.fraudstream.records.Problem;
import io.fraudstream.records.Reading;
import io.fraudstream.records.Transaction;
import io.fraudstream.records.TransactionReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Both implementations read and write what stands in {@code fixtures/contracts/}. */
class ContractFixturesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Fixtures.path("contracts");
  private static final String BINARY = "base64:";

  @TestFactory
  Stream<DynamicTest> contracts() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    try (Stream<Path> files = Files.list(FOLDER)) {
      for (Path file : files.filter(one -> one.toString().endsWith(".json")).sorted().toList()) {
        String name = file.getFileName().toString();
        JsonNode fixture = JSON.readTree(file.toFile());
        if (name.equals("raw.json")) tests.add(dynamicTest(name, () -> assertRefused(fixture)));
        else tests.add(dynamicTest(name, () -> assertSame(fixture)));
      }
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> refused() throws IOException {
    JsonNode all = JSON.readTree(FOLDER.resolve("refused/contracts.json").toFile());
    List<DynamicTest> tests = new ArrayList<>();
    for (JsonNode one : all) {
      // The methods of faker are known where transactions are generated.
      if (one.path("of").asText().equals("faker")) continue;
      tests.add(dynamicTest(one.get("title").textValue(), () -> assertRefused(one)));
    }
    return tests.stream();
  }

  private static void assertRefused(JsonNode one) {
    boolean isText = one.has("text");
    String text = isText ? one.get("text").textValue() : one.get("contract").toString();
    var error =
        assertThrows(
            ContractException.class, () -> ContractFiles.of("contract.yaml", text, name -> null));
    if (isText) assertEquals(one.get("line").intValue(), error.line(), error.getMessage());
    assertEquals(1, error.getMessage().lines().count());
  }

  private static void assertSame(JsonNode fixture) {
    JsonNode schemas = fixture.path("schemas");
    Contract contract =
        ContractFiles.of(
                "contract.json",
                fixture.get("contract").toString(),
                name -> {
                  JsonNode schema = schemas.get(name);
                  return schema.isTextual() ? schema.textValue() : schema.toString();
                })
            .compile();
    JsonNode inputs = fixture.get("inputs");
    JsonNode outcomes = fixture.get("outcomes");
    for (int at = 0; at < inputs.path("payloads").size(); at++) {
      byte[] payload = bytes(inputs.get("payloads").get(at).textValue());
      assertPayload(contract.transactions().read(payload), outcomes.get("payloads").get(at), at);
    }
    for (int at = 0; at < inputs.path("written_verdicts").size(); at++) {
      byte[] written = contract.verdicts().write(verdict(inputs.get("written_verdicts").get(at)));
      assertEquals(outcomes.get("written_verdicts").get(at), shown(fixture, "verdicts", written));
    }
    for (int at = 0; at < inputs.path("written_rejects").size(); at++) {
      byte[] written = contract.rejects().write(reject(inputs.get("written_rejects").get(at)));
      assertEquals(outcomes.get("written_rejects").get(at), shown(fixture, "rejects", written));
    }
  }

  private static byte[] bytes(String given) {
    return given.startsWith(BINARY)
        ? Base64.getDecoder().decode(given.substring(BINARY.length()))
        : given.getBytes(StandardCharsets.UTF_8);
  }

  private static JsonNode shown(JsonNode fixture, String section, byte[] written) {
    if (written == null) return JSON.nullNode();
    String format = fixture.get("contract").get(section).path("format").asText("json");
    boolean isBinary = format.equals("avro") || format.equals("protobuf");
    return JSON.getNodeFactory()
        .textNode(
            isBinary
                ? BINARY + Base64.getEncoder().encodeToString(written)
                : new String(written, StandardCharsets.UTF_8));
  }

  private static void assertPayload(Reading<Transaction> found, JsonNode wanted, int at) {
    Problem problem = found.problem();
    JsonNode fault = wanted.get("problem");
    if (fault == null && wanted.path("label").isObject()) fault = null;
    if (fault != null && fault.get("field").textValue().equals("/fraud")) {
      // What is wrong with the truth is wrong in files alone.
      assertNull(problem);
      return;
    }
    if (fault != null) {
      assertNotNull(problem, "payload " + at);
      assertEquals(fault.get("field").textValue(), problem.field(), problem.toString());
      return;
    }
    assertNull(problem, "payload " + at + ": " + problem);
    byte[] own = wanted.get("transaction").toString().getBytes(StandardCharsets.UTF_8);
    Transaction same = TransactionReader.read(own).record();
    same.data = found.record().data;
    assertEquals(JSON.valueToTree(same).toString(), JSON.valueToTree(found.record()).toString());
    assertEquals(wanted.get("event_at").longValue(), found.record().timeMs);
  }

  private static VerdictForm.Subject verdict(JsonNode given) {
    JsonNode list = given.get("features");
    float[] features = new float[list.size()];
    for (int at = 0; at < features.length; at++) {
      features[at] = list.get(at).isNull() ? Float.NaN : list.get(at).floatValue();
    }
    return new VerdictForm.Subject(
        given.get("transaction_id").textValue(),
        given.get("card_id").textValue(),
        given.get("event_at").longValue(),
        given.get("scored_at").longValue(),
        given.path("score").asDouble(Double.NaN),
        given.path("is_fraud").asBoolean(),
        given.path("error").textValue(),
        given.get("model_version").textValue(),
        features);
  }

  private static RejectForm.Subject reject(JsonNode given) {
    return new RejectForm.Subject(
        given.path("transaction_id").textValue(),
        given.get("error").textValue(),
        given.get("detail").textValue(),
        given.get("record").textValue());
  }
}
