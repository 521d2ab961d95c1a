package io.fraudstream.records;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fraudstream.Fixtures;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The job refuses the values of each field that the command line refuses, for the same reason. */
class FieldValuesTest {
  @Test
  @DisplayName("each field takes and refuses the values of fixtures/schema/values.json")
  void values() throws Exception {
    JsonNode fixture = new ObjectMapper().readTree(Fixtures.path("schema/values.json").toFile());
    List<String> differing = new ArrayList<>();
    fixture
        .get("verdicts")
        .fields()
        .forEachRemaining(
            field ->
                field
                    .getValue()
                    .fields()
                    .forEachRemaining(
                        reason -> {
                          for (JsonNode index : reason.getValue()) {
                            String value = fixture.get("values").get(index.intValue()).textValue();
                            String seen = reason(fixture.get("base"), field.getKey(), value);
                            if (seen.equals(reason.getKey())) continue;
                            differing.add(field.getKey() + " " + value + ": " + seen);
                          }
                        }));
    assertEquals(List.of(), differing);
  }

  @Test
  @DisplayName("bytes are a transaction or none, as for the command line")
  void lines() throws Exception {
    JsonNode fixture = new ObjectMapper().readTree(Fixtures.path("schema/values.json").toFile());
    List<String> differing = new ArrayList<>();
    for (int at = 0; at < fixture.get("lines").size(); at++) {
      byte[] line = Base64.getDecoder().decode(fixture.get("lines").get(at).textValue());
      Reading<Transaction> reading = TransactionReader.read(line);
      String id = reading.record() == null ? null : reading.record().transactionId;
      if (Objects.equals(id, fixture.get("ids").get(at).textValue())) continue;
      String text = new String(line, StandardCharsets.UTF_8);
      differing.add(
          id + ", " + reading.problem() + ": " + text.substring(0, Math.min(300, text.length())));
    }
    assertEquals(List.of(), differing);
  }

  /** Why a record with this value of a field, after its version, is refused; empty if it is not. */
  private static String reason(JsonNode base, String field, String value) {
    String name = field.substring(2);
    ObjectNode others = base.deepCopy();
    others.put("schema_version", Integer.parseInt(field.substring(0, 1))).remove(name);
    String text = others.toString();
    String line = text.substring(0, text.length() - 1) + ",\"" + name + "\":" + value + "}";
    Problem problem = TransactionReader.read(line.getBytes(StandardCharsets.UTF_8)).problem();
    return problem == null ? "" : problem.field() + " " + problem.reason();
  }
}
