package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.features.KeyPast;
import io.fraudstream.features.MerchantPast;
import io.fraudstream.features.RiskPast;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A later jar may add a field to each POJO that is kept in state. */
class StateFieldsTest {
  @TempDir Path directory;

  static List<Class<?>> kept() {
    return List.of(KeyPast.class, MerchantPast.class, RiskPast.class);
  }

  /** The class as a later jar has it: with one more field, its package loaded before ours. */
  private Class<?> withField(Class<?> kept) throws Exception {
    String path = kept.getName().replace('.', '/');
    String source = Files.readString(Path.of("src/main/java", path + ".java"));
    String head = "public class " + kept.getSimpleName() + " {";
    assertTrue(source.contains(head));
    Path file = directory.resolve(path + ".java");
    Files.createDirectories(file.getParent());
    Files.writeString(file, source.replace(head, head + " public int addedField = 7;"));
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-nowarn",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString(),
                file.toString());
    assertEquals(0, failed);
    URL[] urls = {directory.toUri().toURL(), Path.of("target/classes").toUri().toURL()};
    String ofPackage = kept.getPackageName() + ".";
    return new URLClassLoader(urls, kept.getClassLoader()) {
      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(ofPackage)) return super.loadClass(name, resolve);
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }.loadClass(kept.getName());
  }

  private static <T> TypeSerializer<T> serializer(Class<T> type) {
    SerializerConfigImpl config = new SerializerConfigImpl();
    config.setGenericTypes(false);
    return TypeInformation.of(type).createSerializer(config);
  }

  private static <T> byte[] snapshot(Class<T> type) throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(1024);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer(type).snapshotConfiguration());
    return out.getCopyOfBuffer();
  }

  private static <T> byte[] value(Class<T> type) throws Exception {
    DataOutputSerializer out = new DataOutputSerializer(1024);
    serializer(type).serialize(type.getDeclaredConstructor().newInstance(), out);
    return out.getCopyOfBuffer();
  }

  private static <T> T read(Class<T> later, byte[] snapshot, byte[] value) throws Exception {
    TypeSerializerSnapshot<T> old =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(snapshot), later.getClassLoader());
    var compatibility = serializer(later).snapshotConfiguration().resolveSchemaCompatibility(old);
    assertTrue(compatibility.isCompatibleAfterMigration(), compatibility::toString);
    return old.restoreSerializer().deserialize(new DataInputDeserializer(value));
  }

  @ParameterizedTest
  @MethodSource("kept")
  @DisplayName("state of today is read by a class that has a field more")
  void added(Class<?> kept) throws Exception {
    byte[] snapshot = snapshot(kept);
    byte[] value = value(kept);
    Class<?> later = withField(kept);
    Object read = read(later, snapshot, value);
    assertEquals(later, read.getClass());
    assertEquals(7, later.getField("addedField").getInt(read));
  }
}
