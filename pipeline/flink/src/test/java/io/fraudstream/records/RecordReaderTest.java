package io.fraudstream.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.Fixtures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordReaderTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Problem problem(String record, String json) {
    Function<byte[], Reading<?>> read =
        record.equals("label") ? LabelReader::read : TransactionReader::read;
    return read.apply(bytes(json)).problem();
  }

  @ParameterizedTest
  @CsvSource({"transaction", "label"})
  @DisplayName("all valid examples are read")
  void valid(String record) {
    List<String> lines = Fixtures.lines("schema/" + record + ".valid.ndjson");
    for (String line : lines) assertNull(problem(record, line), line);
  }

  @ParameterizedTest
  @CsvSource({"transaction", "label"})
  @DisplayName("all invalid examples are refused at their field")
  void invalid(String record) {
    for (JsonNode example : Fixtures.values("schema/" + record + ".invalid.ndjson")) {
      Problem problem = problem(record, example.get("value").toString());
      assertNotNull(problem, example.toString());
      assertEquals(example.get("field").textValue(), problem.field(), example.toString());
    }
  }

  @Test
  @DisplayName("fields are read with their units")
  void fields() {
    String line = Fixtures.lines("transactions/quiet-hour.ndjson").get(0);
    JsonNode wanted = Fixtures.json(line);
    Transaction read = TransactionReader.read(bytes(line)).record();
    assertEquals(wanted.get("transaction_id").textValue(), read.transactionId);
    assertEquals(wanted.get("event_time").textValue(), Instants.write(read.timeMs));
    assertEquals(wanted.get("amount_minor").doubleValue(), read.amountMinor);
    assertEquals(wanted.get("card_present").booleanValue(), read.cardPresent);
    assertEquals(line, new String(read.data, StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @DisplayName("what is no JSON object is refused whole")
  @CsvSource(value = {"''", "{", "{} {}", "nonsense", "7", "[{}]"})
  void notAnObject(String text) {
    assertEquals("", problem("transaction", text).field());
  }
}
