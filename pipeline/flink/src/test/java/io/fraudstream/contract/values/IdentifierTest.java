package io.fraudstream.contract.values;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class IdentifierTest {
  /** Encoded as UTF-8 each of them would become the same question mark. */
  @Test
  void halfOfACharacterIsRefused() {
    assertEquals("c\uD83D\uDE001", Identifier.text("c\uD83D\uDE001"));
    for (String text : new String[] {"c\uD83D", "\uDE00c", "\uDE00\uD83D", "\uD83Dc"}) {
      assertThrows(UnreadableValue.class, () -> Identifier.text(text));
    }
  }
}
