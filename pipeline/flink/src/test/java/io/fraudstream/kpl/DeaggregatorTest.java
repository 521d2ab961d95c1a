package io.fraudstream.kpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.Fixtures;
import io.fraudstream.kpl.Deaggregated.Aggregate;
import io.fraudstream.kpl.Deaggregated.Damage;
import io.fraudstream.kpl.Deaggregated.Damaged;
import io.fraudstream.kpl.Deaggregated.Plain;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DeaggregatorTest {
  private static final HexFormat HEX = HexFormat.of();
  private final Deaggregator deaggregator = new Deaggregator();

  static List<JsonNode> vectors() {
    String text = String.join("\n", Fixtures.lines("kpl/vectors.json"));
    return StreamSupport.stream(Fixtures.json(text).get("aggregates").spliterator(), false)
        .toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  @DisplayName("every golden aggregate gives the records that were put into it")
  void golden(JsonNode vector) {
    byte[] bytes = HEX.parseHex(vector.get("hex").textValue());
    List<UserRecord> records =
        assertInstanceOf(Aggregate.class, deaggregator.deaggregate(bytes)).records();
    assertEquals(vector.get("records").size(), records.size());
    for (int place = 0; place < records.size(); place++) {
      JsonNode wanted = vector.get("records").get(place);
      UserRecord record = records.get(place);
      assertEquals(wanted.get("partitionKey").textValue(), record.partitionKey());
      assertEquals(wanted.path("explicitHashKey").textValue(), record.explicitHashKey());
      assertArrayEquals(HEX.parseHex(wanted.get("dataHex").textValue()), record.data());
    }
  }

  @Test
  @DisplayName("data without the magic is one plain record")
  void plain() {
    byte[] line = "{\"schema_version\":1}".getBytes(StandardCharsets.UTF_8);
    assertInstanceOf(Plain.class, deaggregator.deaggregate(line));
    assertInstanceOf(Plain.class, deaggregator.deaggregate(new byte[0]));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  @DisplayName("of an aggregate with one bent byte nothing is taken")
  void bent(JsonNode vector) {
    byte[] whole = HEX.parseHex(vector.get("hex").textValue());
    for (int at = 0; at < whole.length; at++) {
      byte[] bent = whole.clone();
      bent[at] ^= 0x40;
      assertFalse(deaggregator.deaggregate(bent) instanceof Aggregate, "byte " + at);
    }
  }

  @ParameterizedTest
  @DisplayName("damage is told by its kind, though the MD5 fits")
  @CsvSource({
    "'', SHORT",
    "1a0508051a0141, INDEX",
    "0a01611a0708001005 1a0141, INDEX",
    "0a01611a020800, PROTOBUF",
    "0a01611a031a0141, PROTOBUF",
    "0a01611aff01, PROTOBUF",
    "0a0561, PROTOBUF",
    "00, PROTOBUF",
    "ffffffffffffffffffffff, PROTOBUF",
  })
  void damage(String message, Damage reason) throws Exception {
    byte[] bytes = sealed(HEX.parseHex(message.replace(" ", "")));
    assertEquals(new Damaged(reason), deaggregator.deaggregate(bytes));
  }

  @Test
  @DisplayName("a hundred thousand random messages are read or told as damaged, never thrown at")
  void random() throws Exception {
    Random random = new Random(7);
    for (int turn = 0; turn < 100_000; turn++) {
      byte[] message = new byte[1 + random.nextInt(24)];
      random.nextBytes(message);
      if (random.nextBoolean()) message[0] = 0x1a;
      deaggregator.deaggregate(sealed(message));
    }
  }

  private static byte[] sealed(byte[] message) throws Exception {
    String digest = HEX.formatHex(MessageDigest.getInstance("MD5").digest(message));
    return HEX.parseHex("f3899ac2" + HEX.formatHex(message) + digest);
  }
}
