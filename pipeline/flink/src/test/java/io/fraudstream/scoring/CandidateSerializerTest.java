package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.features.Facts;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.java.typeutils.PojoField;
import org.apache.flink.api.java.typeutils.PojoTypeInfo;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CandidateSerializerTest {
  /** A candidate of form 1; the file is never written again. */
  private static final Path FORM_1 = Path.of("src/test/resources/state-2/candidate-1.bytes");

  private static TypeSerializer<Candidate> serializer() {
    return TypeInformation.of(Candidate.class).createSerializer(new SerializerConfigImpl());
  }

  /** Each field of both classes has a value of its own, texts those that are hard to write. */
  private static Candidate full() throws IllegalAccessException {
    Candidate candidate = new Candidate();
    candidate.facts = new Facts();
    double next = 1.5;
    for (Field field : fields(Facts.class)) {
      if (field.getType() == double.class) field.setDouble(candidate.facts, next++);
      else field.setBoolean(candidate.facts, field.getName().equals("isRound"));
    }
    candidate.transactionId = "half a pair \ud800, a pair \ud83d\ude00, \u20ac";
    candidate.cardId = "caf\u00e9 \u0000";
    candidate.eventTime = "2026-01-02T03:04:05Z";
    candidate.sourceIp = "";
    candidate.merchantId = null;
    candidate.ordinal = Long.MAX_VALUE - 1;
    candidate.features = new float[] {0.1f, Float.NaN, -0f, Float.MAX_VALUE};
    candidate.data = new byte[] {0, -1, 127};
    return candidate;
  }

  private static List<Field> fields(Class<?> type) {
    return Stream.of(type.getFields()).filter(field -> !Modifier.isStatic(field.getModifiers())).toList();
  }

  private static byte[] written(TypeSerializer<Candidate> serializer, Candidate candidate)
      throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(candidate, out);
    return out.getCopyOfBuffer();
  }

  private static void assertAlike(Candidate wanted, Candidate found) throws Exception {
    for (Field field : fields(Candidate.class)) {
      if (field.getName().equals("facts") || field.getType().isArray()) continue;
      assertEquals(field.get(wanted), field.get(found), field.getName());
    }
    assertArrayEquals(wanted.features, found.features);
    assertArrayEquals(wanted.data, found.data);
    for (Field field : fields(Facts.class)) {
      assertEquals(field.get(wanted.facts), field.get(found.facts), field.getName());
    }
  }

  @Test
  @DisplayName("each field comes back, to the last bit, and nothing is left over")
  void roundTrip() throws Exception {
    DataInputDeserializer in = new DataInputDeserializer(written(serializer(), full()));
    assertAlike(full(), serializer().deserialize(in));
    assertEquals(0, in.available());
  }

  @Test
  @DisplayName("a candidate without anything comes back without anything")
  void empty() throws Exception {
    byte[] bytes = written(serializer(), new Candidate());
    Candidate found = serializer().deserialize(new DataInputDeserializer(bytes));
    for (Field field : fields(Candidate.class)) {
      assertEquals(field.get(new Candidate()), field.get(found), field.getName());
    }
  }

  @Test
  @DisplayName("a stage that writes features into a copy leaves the original as it is")
  void copies() throws Exception {
    Candidate original = full();
    Candidate copy = serializer().copy(original);
    assertAlike(original, copy);
    assertNotSame(original.features, copy.features);
    assertSame(original.data, copy.data);
  }

  @Test
  @DisplayName("state of form 1 is read by this jar")
  void form1() throws Exception {
    if (!Files.exists(FORM_1)) Files.write(FORM_1, written(serializer(), full()));
    byte[] kept = Files.readAllBytes(FORM_1);
    assertAlike(full(), serializer().deserialize(new DataInputDeserializer(kept)));
  }

  @Test
  @DisplayName("a form of a later jar is an error that says so")
  void later() throws Exception {
    byte[] bytes = written(serializer(), full());
    bytes[0] = 99;
    IOException error =
        assertThrows(
            IOException.class,
            () -> serializer().deserialize(new DataInputDeserializer(bytes)));
    assertTrue(error.getMessage().contains("form 99"), error::getMessage);
  }

  @Test
  @DisplayName("state of earlier jars, which wrote a POJO, is migrated")
  void pojo() throws Exception {
    TypeInformation<Facts> facts = TypeInformation.of(Facts.class);
    List<PojoField> pojoFields = new ArrayList<>();
    for (Field field : fields(Candidate.class)) {
      boolean isFacts = field.getType() == Facts.class;
      pojoFields.add(new PojoField(field, isFacts ? facts : TypeInformation.of(field.getType())));
    }
    TypeSerializer<Candidate> old =
        new PojoTypeInfo<>(Candidate.class, pojoFields).createSerializer(new SerializerConfigImpl());
    byte[] bytes = written(old, full());
    DataOutputSerializer snapshot = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(snapshot, old.snapshotConfiguration());
    TypeSerializerSnapshot<Candidate> found =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(snapshot.getCopyOfBuffer()), getClass().getClassLoader());
    var compatibility = serializer().snapshotConfiguration().resolveSchemaCompatibility(found);
    assertTrue(compatibility.isCompatibleAfterMigration(), compatibility::toString);
    Candidate read = found.restoreSerializer().deserialize(new DataInputDeserializer(bytes));
    assertAlike(full(), read);
  }
}
