package io.fraudstream.records;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FlatJsonTest {
  private static final List<String> NAMES = List.of("id", "amount", "present", "city");
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private final FlatJson flat = new FlatJson(NAMES);

  @Test
  void theUsualFormIsReadInAnyOrderWithUnknownFieldsAndSpace() {
    String text = " {\"city\" : \"Zürich\",\"x\":[],\"id\":\"a\"} ".replace("[]", "12");
    JsonNode[] values = flat.read(text.getBytes(StandardCharsets.UTF_8));
    assertNotNull(values);
    assertEquals("a", values[0].textValue());
    assertNull(values[1]);
    assertEquals("Zürich", values[3].textValue());
  }

  @Test
  void whatIsOfAnotherFormIsLeftToTheParser() {
    for (String text :
        List.of(
            "",
            "{",
            "{}x",
            "[]",
            "{\"id\":\"a\\u0041\"}",
            "{\"id\":{}}",
            "{\"amount\":1.5}",
            "{\"amount\":-1}",
            "{\"amount\":01}",
            "{\"amount\":1234567890123456}",
            "{\"id\":\"a\"}}",
            "{\"id\":\"a\",}",
            "{'id':1}",
            "{\"id\":nul}",
            "{\"id\":\"a\n\"}",
            "{\"id\" \"a\"}",
            "{\"id\":\"a\"")) {
      assertNull(flat.read(text.getBytes(StandardCharsets.UTF_8)), text);
    }
    assertNull(flat.read(new byte[] {'{', '"', 'i', 'd', '"', ':', '"', (byte) 0xe2, '"', '}'}));
  }

  /** Whatever bytes are changed: what is read is what the parser reads. */
  @Test
  void whatIsReadIsWhatTheParserReads() throws Exception {
    byte[] line =
        "{\"id\":\"tx-1\",\"amount\":1250,\"present\":true,\"city\":\"Köln\",\"more\":null,\"id\":\"b\"}"
            .getBytes(StandardCharsets.UTF_8);
    byte[] chars = "{}[]:,\"\\ 0129.-eEtfnu\u00fc\t".getBytes(StandardCharsets.UTF_8);
    Random random = new Random(7);
    int read = 0;
    for (int round = 0; round < 200_000; round++) {
      byte[] bent = line.clone();
      for (int change = random.nextInt(3); change >= 0; change--) {
        bent[random.nextInt(bent.length)] = chars[random.nextInt(chars.length)];
      }
      JsonNode[] values = flat.read(bent);
      if (values == null) continue;
      read += 1;
      JsonNode tree = JSON.readTree(new String(bent, StandardCharsets.UTF_8));
      String[] expected = NAMES.stream().map(name -> text(tree.get(name))).toArray(String[]::new);
      String[] found = new String[values.length];
      for (int index = 0; index < values.length; index++) found[index] = text(values[index]);
      assertArrayEquals(expected, found, new String(bent, StandardCharsets.UTF_8));
    }
    assertEquals(true, read > 10_000, "only " + read + " were read");
  }

  private static String text(JsonNode value) {
    return value == null ? null : value.getNodeType() + " " + value.asText();
  }
}
