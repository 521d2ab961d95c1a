package io.fraudstream.addresses;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.Fixtures;
import java.io.InputStream;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AddressTableTest {
  @Test
  @DisplayName("every golden address has the owner that the CLI finds")
  void golden() {
    List<JsonNode> lookups = Fixtures.values("addresses/lookups.ndjson");
    assertTrue(lookups.size() > 500);
    for (JsonNode wanted : lookups) {
      AddressTable table = AddressTable.ofJar(wanted.get("space").textValue());
      Network found = table.lookup(Addresses.parse(wanted.get("address").textValue()));
      if (wanted.get("country").isNull()) {
        assertNull(found, wanted.toString());
      } else {
        Network network =
            new Network(wanted.get("country").textValue(), wanted.get("kind").intValue());
        assertEquals(network, found, wanted.toString());
      }
    }
  }

  @Test
  @DisplayName("a table with one bent byte is refused")
  void bent() throws Exception {
    try (InputStream resource = getClass().getResourceAsStream("/ip-ranges-documentation.bin")) {
      byte[] file = resource.readAllBytes();
      file[file.length / 2] ^= 1;
      assertThrows(IllegalStateException.class, () -> TableFile.read(file));
    }
  }
}
