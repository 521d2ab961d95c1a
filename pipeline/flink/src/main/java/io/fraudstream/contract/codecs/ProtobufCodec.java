package io.fraudstream.contract.codecs;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.fraudstream.contract.values.NumberText;
import io.fraudstream.contract.values.Numbers;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A message type of Protobuf.
 *
 * <p>Fields have their names in the file; enums are the names of their values, numbers where the
 * schema has no name. A field without presence is its default where nothing was sent. Unknown
 * fields are passed over.
 */
public final class ProtobufCodec implements Codec {
  private final Descriptor type;

  private ProtobufCodec(Descriptor type) {
    this.type = type;
  }

  /**
   * The codec of a message of a file; {@code textOf} gives the text of a file by its name. {@code
   * framing} is glue, confluent or null: of either, the message index follows its header.
   *
   * <p>Errors: {@link IllegalArgumentException} for a file that is none, or without the message.
   */
  public static Codec of(
      String name, String message, String framing, UnaryOperator<String> textOf) {
    FileDescriptor file = file(name, textOf, new LinkedHashMap<>(), new ArrayList<>());
    List<Descriptor> types = new ArrayList<>();
    file.getMessageTypes().forEach(type -> addAll(type, types));
    Descriptor type = named(types, message, name);
    Codec codec = new ProtobufCodec(type);
    if (framing == null) return codec;
    List<String> names = types.stream().map(Descriptor::getFullName).sorted().toList();
    return Framing.withPrefix(
        codec, framing.equals("glue") ? varint(names.indexOf(type.getFullName())) : pathOf(type));
  }

  private static FileDescriptor file(
      String name,
      UnaryOperator<String> textOf,
      Map<String, FileDescriptor> read,
      List<String> opening) {
    FileDescriptor known = read.get(name);
    if (known != null) return known;
    if (opening.contains(name)) {
      throw new IllegalArgumentException(name + " imports itself");
    }
    FileDescriptorProto proto = ProtoFile.read(name, textOf.apply(name));
    List<String> inner = new ArrayList<>(opening);
    inner.add(name);
    FileDescriptor[] imports =
        proto.getDependencyList().stream()
            .map(other -> file(other, textOf, read, inner))
            .toArray(FileDescriptor[]::new);
    try {
      FileDescriptor file = FileDescriptor.buildFrom(proto, imports);
      read.put(name, file);
      return file;
    } catch (DescriptorValidationException error) {
      throw new IllegalArgumentException(error.getMessage(), error);
    }
  }

  private static void addAll(Descriptor type, List<Descriptor> types) {
    if (type.getOptions().getMapEntry()) return;
    types.add(type);
    type.getNestedTypes().forEach(inner -> addAll(inner, types));
  }

  private static Descriptor named(List<Descriptor> types, String message, String file) {
    String names = String.join(", ", types.stream().map(Descriptor::getFullName).toList());
    if (message == null) {
      if (types.size() == 1) return types.get(0);
      throw new IllegalArgumentException(
          "%s has %d messages: write message: with one of %s".formatted(file, types.size(), names));
    }
    String wanted = message.replaceFirst("^\\.", "");
    for (Descriptor type : types) if (type.getFullName().equals(wanted)) return type;
    for (Descriptor type : types) if (type.getName().equals(wanted)) return type;
    throw new IllegalArgumentException(file + " has no message " + message + ", only " + names);
  }

  private static byte[] pathOf(Descriptor type) {
    List<Integer> path = new ArrayList<>();
    for (Descriptor one = type; one != null; one = one.getContainingType()) {
      path.add(0, one.getIndex());
    }
    if (path.equals(List.of(0))) return new byte[] {0};
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(varint(2 * path.size()));
    path.forEach(index -> bytes.writeBytes(varint(2 * index)));
    return bytes.toByteArray();
  }

  private static byte[] varint(int value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int left = value;
    for (; left >= 0x80; left >>>= 7) bytes.write(left & 0x7f | 0x80);
    bytes.write(left);
    return bytes.toByteArray();
  }

  @Override
  public Object decode(byte[] data) {
    try {
      return valueOf(DynamicMessage.parseFrom(type, data), data);
    } catch (InvalidProtocolBufferException error) {
      throw new Undecodable("is not of message " + type.getName() + ": " + error.getMessage());
    }
  }

  private static Map<String, Object> valueOf(DynamicMessage message, byte[] data) {
    Map<String, Object> made = new LinkedHashMap<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) made.put(field.getName(), mapOf(message, field, data));
      else if (field.isRepeated()) {
        List<Object> items = new ArrayList<>();
        for (Object item : (List<?>) message.getField(field)) items.add(valueOf(field, item, data));
        made.put(field.getName(), items);
      } else if (!field.hasPresence() || message.hasField(field)) {
        made.put(field.getName(), valueOf(field, message.getField(field), data));
      }
    }
    return made;
  }

  private static Map<String, Object> mapOf(
      DynamicMessage message, FieldDescriptor field, byte[] data) {
    Map<String, Object> map = new LinkedHashMap<>();
    Descriptor entry = field.getMessageType();
    FieldDescriptor key = entry.findFieldByNumber(1);
    FieldDescriptor value = entry.findFieldByNumber(2);
    for (Object item : (List<?>) message.getField(field)) {
      DynamicMessage one = (DynamicMessage) item;
      map.put(String.valueOf(one.getField(key)), valueOf(value, one.getField(value), data));
    }
    return map;
  }

  private static Object valueOf(FieldDescriptor field, Object value, byte[] data) {
    return switch (field.getType()) {
      case MESSAGE, GROUP -> valueOf((DynamicMessage) value, data);
      case ENUM -> {
        EnumValueDescriptor symbol = (EnumValueDescriptor) value;
        boolean isKnown = field.getEnumType().findValueByName(symbol.getName()) != null;
        yield isKnown ? symbol.getName() : Long.valueOf(symbol.getNumber());
      }
      case BYTES -> ((ByteString) value).toByteArray();
      case STRING -> text((String) value, data);
      case UINT32, FIXED32 -> Long.valueOf(Integer.toUnsignedLong((Integer) value));
      case UINT64, FIXED64 -> Numbers.of(new BigInteger(Long.toUnsignedString((Long) value)));
      case INT64, SINT64, SFIXED64 -> Numbers.of((Long) value);
      case INT32, SINT32, SFIXED32 -> Long.valueOf((Integer) value);
      case FLOAT -> Double.valueOf((Float) value);
      case DOUBLE, BOOL -> value;
    };
  }

  /**
   * Of proto2, the library puts U+FFFD where a text is not UTF-8: where it was not sent, the text
   * is none.
   */
  private static String text(String value, byte[] data) {
    if (value.indexOf('\ufffd') < 0) return value;
    byte[] sent = value.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at + sent.length <= data.length; at++) {
      if (Arrays.equals(data, at, at + sent.length, sent, 0, sent.length)) return value;
    }
    throw new Undecodable("has a text that is not UTF-8");
  }

  @Override
  public byte[] encode(Object value) {
    return message(type, value).toByteArray();
  }

  private static DynamicMessage message(Descriptor type, Object value) {
    if (!(value instanceof Map<?, ?> given)) throw new Misfit("must be an object", value);
    DynamicMessage.Builder made = DynamicMessage.newBuilder(type);
    for (Map.Entry<?, ?> entry : given.entrySet()) {
      String name = (String) entry.getKey();
      // Protobuf has no null: a field is absent, or has a value.
      if (entry.getValue() == null) continue;
      FieldDescriptor field = type.findFieldByName(name);
      if (field == null) {
        throw new Misfit("is no field of " + type.getName(), entry.getValue()).within(name);
      }
      within(name, () -> set(made, field, entry.getValue()));
    }
    for (FieldDescriptor field : type.getFields()) {
      if (field.isRequired() && !made.hasField(field)) {
        throw new Misfit("is required", null).within(field.getName());
      }
    }
    return made.build();
  }

  private static void within(String name, Runnable write) {
    try {
      write.run();
    } catch (Misfit misfit) {
      throw misfit.within(name);
    }
  }

  private static void set(DynamicMessage.Builder made, FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      if (!(value instanceof Map<?, ?> map)) throw new Misfit("must be an object", value);
      Descriptor type = field.getMessageType();
      map.forEach(
          (key, one) ->
              within(
                  (String) key,
                  () ->
                      made.addRepeatedField(
                          field, message(type, Map.of("key", keyOf(type, key), "value", one)))));
    } else if (field.isRepeated()) {
      if (!(value instanceof List<?> items)) throw new Misfit("must be a list", value);
      for (int at = 0; at < items.size(); at++) {
        Object item = items.get(at);
        within(Integer.toString(at), () -> made.addRepeatedField(field, written(field, item)));
      }
    } else {
      made.setField(field, written(field, value));
    }
  }

  private static Object keyOf(Descriptor entry, Object key) {
    boolean isText = entry.findFieldByNumber(1).getType() == FieldDescriptor.Type.STRING;
    return isText ? key : Numbers.of(new BigInteger((String) key));
  }

  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(Long.SIZE);

  private static Object written(FieldDescriptor field, Object value) {
    return switch (field.getType()) {
      case MESSAGE, GROUP -> message(field.getMessageType(), value);
      case ENUM -> symbol(field, value);
      case BYTES -> {
        if (!(value instanceof byte[] bytes)) throw new Misfit("must be binary", value);
        yield ByteString.copyFrom(bytes);
      }
      case STRING -> {
        if (!(value instanceof String)) throw new Misfit("must be a text", value);
        yield value;
      }
      case BOOL -> {
        if (!(value instanceof Boolean)) throw new Misfit("must be true or false", value);
        yield value;
      }
      case UINT32, FIXED32 -> whole(value, Integer.SIZE, true).intValue();
      case INT32, SINT32, SFIXED32 -> whole(value, Integer.SIZE, false).intValue();
      case UINT64, FIXED64 -> whole(value, Long.SIZE, true).longValue();
      case INT64, SINT64, SFIXED64 -> whole(value, Long.SIZE, false).longValue();
      case DOUBLE -> number(value);
      case FLOAT -> {
        double number = number(value);
        boolean isSingle = Double.isNaN(number) || (float) number == number;
        if (!isSingle) throw new Misfit("must be a number that a float holds exactly", value);
        yield (float) number;
      }
    };
  }

  private static double number(Object value) {
    if (value instanceof Long whole) return whole;
    if (value instanceof Double number) return number;
    throw new Misfit("must be a number", value);
  }

  private static BigInteger whole(Object value, int bits, boolean isUnsigned) {
    BigInteger least = isUnsigned ? BigInteger.ZERO : BigInteger.ONE.shiftLeft(bits - 1).negate();
    BigInteger end = isUnsigned ? TWO_64.shiftRight(Long.SIZE - bits) : least.negate();
    BigInteger whole = null;
    if (value instanceof Long it) whole = BigInteger.valueOf(it);
    if (value instanceof Double it && Numbers.isSafe(it))
      whole = BigInteger.valueOf(it.longValue());
    if (value instanceof NumberText it && it.text().matches("-?[0-9]+")) {
      whole = new BigInteger(it.text());
    }
    if (whole != null && whole.compareTo(least) >= 0 && whole.compareTo(end) < 0) return whole;
    throw new Misfit(
        "must be a whole number from " + least + " to " + end.subtract(BigInteger.ONE), value);
  }

  private static Object symbol(FieldDescriptor field, Object value) {
    if (value instanceof String name) {
      EnumValueDescriptor symbol = field.getEnumType().findValueByName(name);
      if (symbol != null) return symbol;
    }
    if (value instanceof Long number && number == number.intValue()) {
      return field.getEnumType().findValueByNumberCreatingIfUnknown(number.intValue());
    }
    List<String> names =
        field.getEnumType().getValues().stream().map(EnumValueDescriptor::getName).toList();
    throw new Misfit("must be one of " + String.join(", ", names), value);
  }
}
