package io.fraudstream.kpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.Fixtures;
import io.fraudstream.kpl.Deaggregated.Aggregate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OpenAggregateTest {
  private static final HexFormat HEX = HexFormat.of();

  private static List<JsonNode> fixtures(String name) {
    String text = String.join("\n", Fixtures.lines("kpl/vectors.json"));
    return StreamSupport.stream(Fixtures.json(text).get(name).spliterator(), false).toList();
  }

  static List<JsonNode> aggregates() {
    return fixtures("aggregates");
  }

  static List<JsonNode> partitionHashes() {
    return fixtures("partitionHashes");
  }

  @ParameterizedTest
  @MethodSource("aggregates")
  @DisplayName("records give the golden bytes of the Python aggregator, and their size beforehand")
  void golden(JsonNode vector) {
    OpenAggregate open = new OpenAggregate(Integer.MAX_VALUE, Integer.MAX_VALUE);
    for (JsonNode record : vector.get("records")) {
      String hashKey = record.path("explicitHashKey").textValue();
      byte[] data = HEX.parseHex(record.get("dataHex").textValue());
      assertTrue(
          open.tryAdd(new UserRecord(record.get("partitionKey").textValue(), hashKey, data)));
    }
    assertEquals(vector.get("hex").textValue(), HEX.formatHex(open.encode()));
    assertEquals(vector.get("hex").textValue().length() / 2, open.sizeBytes());
  }

  @ParameterizedTest
  @MethodSource("partitionHashes")
  @DisplayName("partition keys fall where the golden hashes say")
  void hashes(JsonNode vector) {
    HashKey key = HashKey.of(vector.get("partitionKey").textValue());
    assertEquals(vector.get("hashKey").textValue(), key.decimal());
    assertEquals(key, HashKey.ofDecimal(vector.get("hashKey").textValue()));
  }

  @Test
  @DisplayName("what is put in comes out, and the size is exact after every record")
  void roundTrip() {
    Random random = new Random(3);
    OpenAggregate open = new OpenAggregate(Integer.MAX_VALUE, Integer.MAX_VALUE);
    List<UserRecord> records = new ArrayList<>();
    for (int index = 0; index < 400; index++) {
      byte[] data = new byte[random.nextInt(300)];
      random.nextBytes(data);
      String hashKey = index % 3 == 0 ? String.valueOf(index % 7) : null;
      UserRecord record = new UserRecord("k\u00e4se-" + index % 150, hashKey, data);
      open.tryAdd(record);
      records.add(record);
      assertEquals(open.encode().length, open.sizeBytes());
    }
    Aggregate found =
        assertInstanceOf(Aggregate.class, new Deaggregator().deaggregate(open.encode()));
    assertEquals(records.size(), found.records().size());
    for (int index = 0; index < records.size(); index++) {
      UserRecord seen = found.records().get(index);
      assertEquals(records.get(index).partitionKey(), seen.partitionKey());
      assertEquals(records.get(index).explicitHashKey(), seen.explicitHashKey());
      assertArrayEquals(records.get(index).data(), seen.data());
    }
  }

  @Test
  @DisplayName("a record that does not fit is refused and leaves the bytes as they were")
  void limits() {
    OpenAggregate open = new OpenAggregate(100, 2);
    assertTrue(open.tryAdd(new UserRecord("a", null, new byte[1000])));
    byte[] before = open.encode();
    assertFalse(open.tryAdd(new UserRecord("b", "1", new byte[1])));
    assertArrayEquals(before, open.encode());
    OpenAggregate two = new OpenAggregate(1000, 2);
    for (int index = 0; index < 3; index++) {
      assertEquals(index < 2, two.tryAdd(new UserRecord("a", null, new byte[1])));
    }
  }
}
