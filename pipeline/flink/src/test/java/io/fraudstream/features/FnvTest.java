package io.fraudstream.features;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FnvTest {
  @ParameterizedTest
  @DisplayName("the hash is that of the UTF-8 bytes, where half of a pair is U+FFFD")
  @ValueSource(
      strings = {
        "",
        "card-1",
        "é",
        "€",
        "\u07ff\u0800",
        "a💳b",
        "\ud800",
        "x\udc00\ud83d",
        "\uffff"
      })
  void hash(String text) {
    String whole = text.replaceAll("[\\ud800-\\udfff]", "\ufffd");
    int hash = 0x811c9dc5;
    for (byte next : whole.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ Byte.toUnsignedInt(next)) * 0x01000193;
    }
    assertEquals(Integer.toUnsignedLong(hash), Fnv.of(text));
  }
}
