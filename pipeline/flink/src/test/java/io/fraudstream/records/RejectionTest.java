package io.fraudstream.records;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.Fixtures;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RejectionTest {
  private static final long AT = Instants.read("2026-01-01T00:00:00.000Z");

  static List<JsonNode> cases() {
    String text = String.join("\n", Fixtures.lines("rejections/cases.json"));
    return StreamSupport.stream(Fixtures.json(text).get("cases").spliterator(), false).toList();
  }

  private static byte[] input(JsonNode parts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (JsonNode part : parts) {
      byte[] piece = HexFormat.of().parseHex(part.get("hex").textValue());
      for (int time = 0; time < part.get("times").intValue(); time++) bytes.writeBytes(piece);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("a rejection fits its stream, as the CLI writes it")
  void fits(JsonNode wanted) throws Exception {
    byte[] data = input(wanted.get("input"));
    String text = Rejection.unreadable(data, "why", AT).line(wanted.get("limit_bytes").intValue());
    JsonNode line = Fixtures.json(text);
    String transaction = line.get("transaction").textValue();
    byte[] carried = transaction.getBytes(StandardCharsets.UTF_8);
    String sha256 = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(carried));
    JsonNode expected = wanted.get("transaction");
    assertEquals(wanted.get("line_bytes").intValue(), text.getBytes(StandardCharsets.UTF_8).length);
    assertEquals(
        expected.get("characters").intValue(), transaction.codePointCount(0, transaction.length()));
    assertTrue(transaction.startsWith(expected.get("begins").textValue()));
    assertEquals(expected.get("sha256").textValue(), sha256);
    assertEquals(wanted.get("transaction_bytes"), line.get("transaction_bytes"));
    assertEquals(wanted.get("transaction_sha256"), line.get("transaction_sha256"));
  }

  @Test
  @DisplayName("a reason of an endpoint that says much is cut between characters")
  void reason() {
    String reason = "a".repeat(1_999) + "💳b";
    String line = Rejection.unreadable(new byte[] {'x'}, reason, AT).line(100_000);
    assertEquals("a".repeat(1_999), Fixtures.json(line).get("reason").textValue());
  }
}
