package io.fraudstream.contract.codecs;

import io.fraudstream.contract.values.NumberText;
import io.fraudstream.contract.values.Numbers;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.JsonProperties;
import org.apache.avro.LogicalType;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;

/**
 * The binary encoding of a schema of Avro.
 *
 * <p>Decimals are texts with all their digits, UUIDs texts, instants and dates the numbers that
 * stand for them, enums their symbols. A union is the value itself, written as the first branch
 * that it fits. Absent fields have their default, or null where the type is nullable.
 *
 * <p>The library reads the schema; the bytes are read here, with the bounds of the TypeScript
 * implementation. Source: Avro specification 1.12.
 */
public final class AvroCodec implements Codec {
  private interface Read {
    Object of(AvroInput input);
  }

  private interface Write {
    void of(AvroOutput output, Object value);
  }

  private final Read read;
  private final Write write;

  /** Errors: {@link IllegalArgumentException} for a text that is no schema. */
  public AvroCodec(String schema) {
    Schema parsed;
    try {
      parsed = new SchemaParser().parse(schema).mainSchema();
    } catch (AvroRuntimeException error) {
      throw new IllegalArgumentException(String.valueOf(error.getMessage()), error);
    }
    if (parsed == null) throw new IllegalArgumentException("it has no schema");
    read = new Readers().of(parsed);
    write = new Writers().of(parsed);
  }

  @Override
  public byte[] encode(Object value) {
    AvroOutput output = new AvroOutput();
    write.of(output, value);
    return output.whole();
  }

  @Override
  public Object decode(byte[] data) {
    AvroInput input = new AvroInput(data);
    Object value;
    try {
      value = read.of(input);
    } catch (Undecodable reason) {
      throw new Undecodable("is not of its Avro schema: it " + reason.getMessage());
    } catch (StackOverflowError tooDeep) {
      throw new Undecodable("is not of its Avro schema: it is nested too deeply");
    }
    if (input.left() == 0) return value;
    throw new Undecodable("has " + input.left() + " bytes behind its Avro value");
  }

  private static boolean isLogical(Schema schema, String name) {
    LogicalType logical = schema.getLogicalType();
    return logical != null && logical.getName().equals(name);
  }

  private static org.apache.avro.LogicalTypes.Decimal decimal(Schema schema) {
    return schema.getLogicalType() instanceof org.apache.avro.LogicalTypes.Decimal decimal
        ? decimal
        : null;
  }

  /** Compiles readers of types, each type once: a type may have itself in it. */
  private static final class Readers {
    private final Map<Schema, Read[]> known = new IdentityHashMap<>();

    Read of(Schema schema) {
      Read[] made = known.get(schema);
      if (made != null) return input -> made[0].of(input);
      Read[] reader = new Read[1];
      known.put(schema, reader);
      reader[0] = made(schema);
      return reader[0];
    }

    private Read made(Schema schema) {
      Read plain = plain(schema);
      org.apache.avro.LogicalTypes.Decimal decimal = decimal(schema);
      if (decimal != null) {
        return input -> LogicalTypes.decimalText((byte[]) plain.of(input), decimal.getScale());
      }
      boolean isUuid = isLogical(schema, "uuid") && schema.getType() == Schema.Type.FIXED;
      return isUuid ? input -> LogicalTypes.uuidText((byte[]) plain.of(input)) : plain;
    }

    private Read plain(Schema schema) {
      return switch (schema.getType()) {
        case NULL -> input -> null;
        case BOOLEAN -> Readers::truth;
        case INT -> Readers::whole;
        case LONG -> input -> Numbers.of(input.number());
        case FLOAT -> input -> Double.valueOf(input.fixed(4).getFloat());
        case DOUBLE -> input -> Double.valueOf(input.fixed(8).getDouble());
        case BYTES -> input -> input.take(input.number());
        case STRING -> AvroInput::text;
        case FIXED -> input -> input.take(schema.getFixedSize());
        case ENUM -> symbol(schema.getEnumSymbols());
        case RECORD -> record(schema);
        case ARRAY -> array(of(schema.getElementType()));
        case MAP -> map(of(schema.getValueType()));
        case UNION -> union(schema);
      };
    }

    private static Object truth(AvroInput input) {
      int seen = input.next();
      if (seen > 1) throw new Undecodable("has the boolean " + seen);
      return seen == 1;
    }

    private static Object whole(AvroInput input) {
      long value = input.number();
      if (value == (int) value) return value;
      throw new Undecodable("has the int " + value + ", which has more than 32 bits");
    }

    private static Read symbol(List<String> symbols) {
      return input -> {
        long index = input.number();
        if (index >= 0 && index < symbols.size()) return symbols.get((int) index);
        throw new Undecodable("has symbol " + index + " of an enum of " + symbols.size());
      };
    }

    private Read record(Schema schema) {
      List<String> names = new ArrayList<>();
      List<Read> reads = new ArrayList<>();
      for (Schema.Field field : schema.getFields()) {
        names.add(field.name());
        reads.add(of(field.schema()));
      }
      return input -> {
        Map<String, Object> record = new LinkedHashMap<>();
        for (int at = 0; at < reads.size(); at++)
          record.put(names.get(at), reads.get(at).of(input));
        return record;
      };
    }

    private static Read array(Read item) {
      return input -> {
        List<Object> items = new ArrayList<>();
        blocks(input, () -> items.add(item.of(input)));
        return items;
      };
    }

    private static Read map(Read value) {
      return input -> {
        Map<String, Object> map = new LinkedHashMap<>();
        blocks(input, () -> map.put(input.text(), value.of(input)));
        return map;
      };
    }

    /** Items come in blocks; a negative count is followed by the size of the block in bytes. */
    private static void blocks(AvroInput input, Runnable readItem) {
      for (long count = input.number(); count != 0; count = input.number()) {
        if (count < 0) input.number();
        if (count == Long.MIN_VALUE) throw new Undecodable("has a block of too many items");
        for (long left = Math.abs(count); left > 0; left--) {
          int before = input.position();
          readItem.run();
          if (input.position() == before) input.addEmptyItem();
        }
      }
    }

    private Read union(Schema schema) {
      List<Read> reads = schema.getTypes().stream().map(this::of).toList();
      return input -> {
        long branch = input.number();
        if (branch >= 0 && branch < reads.size()) return reads.get((int) branch).of(input);
        throw new Undecodable("has branch " + branch + " of a union of " + reads.size());
      };
    }
  }

  /** Compiles writers of types, each type once. */
  private static final class Writers {
    private final Map<Schema, Write[]> known = new IdentityHashMap<>();

    Write of(Schema schema) {
      Write[] made = known.get(schema);
      if (made != null) return (output, value) -> made[0].of(output, value);
      Write[] writer = new Write[1];
      known.put(schema, writer);
      writer[0] = made(schema);
      return writer[0];
    }

    private Write made(Schema schema) {
      Schema.Type type = schema.getType();
      org.apache.avro.LogicalTypes.Decimal decimal = decimal(schema);
      if (decimal != null) {
        int size = type == Schema.Type.FIXED ? schema.getFixedSize() : 0;
        return (output, value) -> {
          int precision = decimal.getPrecision();
          byte[] bytes = LogicalTypes.decimalBytes(value, precision, decimal.getScale(), size);
          if (size > 0) output.raw(bytes);
          else output.sized(bytes);
        };
      }
      if (isLogical(schema, "uuid")) return uuid(type == Schema.Type.FIXED);
      return switch (type) {
        case NULL ->
            (output, value) -> {
              if (value != null) throw new Misfit("must be null", value);
            };
        case BOOLEAN ->
            (output, value) -> {
              if (!(value instanceof Boolean truth))
                throw new Misfit("must be true or false", value);
              output.put(truth ? 1 : 0);
            };
        case INT -> Writers::whole32;
        case LONG -> Writers::whole64;
        case FLOAT -> Writers::single;
        case DOUBLE -> (output, value) -> output.twice(number(value));
        case BYTES ->
            (output, value) -> {
              if (!(value instanceof byte[] bytes)) throw new Misfit("must be binary", value);
              output.sized(bytes);
            };
        case STRING ->
            (output, value) -> {
              if (!(value instanceof String text)) throw new Misfit("must be a text", value);
              output.text(text);
            };
        case FIXED -> fixed(schema.getFixedSize());
        case ENUM -> symbol(schema);
        case RECORD -> record(schema);
        case ARRAY -> array(of(schema.getElementType()));
        case MAP -> map(of(schema.getValueType()));
        case UNION -> union(schema);
      };
    }

    private static double number(Object value) {
      if (value instanceof Long whole) return whole;
      if (value instanceof Double number) return number;
      throw new Misfit("must be a number", value);
    }

    private static void whole32(AvroOutput output, Object value) {
      if (!(wholeOf(value) instanceof Long whole) || whole != whole.intValue()) {
        throw new Misfit("must be a whole number of 32 bits", value);
      }
      output.number(whole);
    }

    private static void whole64(AvroOutput output, Object value) {
      if (!(wholeOf(value) instanceof Long whole)) {
        throw new Misfit("must be a whole number of 64 bits", value);
      }
      output.number(whole);
    }

    /** A number without a fraction is whole, however it is held. */
    private static Object wholeOf(Object value) {
      if (value instanceof Double number && Numbers.isSafe(number)) return number.longValue();
      if (!(value instanceof NumberText number)) return value;
      try {
        return Long.valueOf(number.text());
      } catch (NumberFormatException tooLong) {
        return value;
      }
    }

    private static void single(AvroOutput output, Object value) {
      double number = value instanceof Long whole ? whole : value instanceof Double it ? it : 0.1;
      boolean isSingle = Double.isNaN(number) || (float) number == number;
      if (!isSingle) throw new Misfit("must be a number that a float holds exactly", value);
      output.single((float) number);
    }

    private static Write uuid(boolean isFixed) {
      return (output, value) -> {
        if (!LogicalTypes.isUuid(value)) throw new Misfit("must be a UUID", value);
        if (isFixed) output.raw(LogicalTypes.uuidBytes((String) value));
        else output.text((String) value);
      };
    }

    private static Write fixed(int size) {
      return (output, value) -> {
        if (!(value instanceof byte[] bytes) || bytes.length != size) {
          throw new Misfit("must be binary of " + size + " bytes", value);
        }
        output.raw(bytes);
      };
    }

    private static Write symbol(Schema schema) {
      List<String> symbols = schema.getEnumSymbols();
      return (output, value) -> {
        boolean isKnown = value instanceof String text && schema.hasEnumSymbol(text);
        if (!isKnown) throw new Misfit("must be one of " + String.join(", ", symbols), value);
        output.number(schema.getEnumOrdinal((String) value));
      };
    }

    private Write record(Schema schema) {
      List<Schema.Field> fields = schema.getFields();
      List<Write> writes = fields.stream().map(field -> of(field.schema())).toList();
      List<Object> absent = fields.stream().map(Writers::absentValue).toList();
      return (output, value) -> {
        if (!(value instanceof Map<?, ?> given)) throw new Misfit("must be an object", value);
        for (Map.Entry<?, ?> entry : given.entrySet()) {
          String name = (String) entry.getKey();
          if (entry.getValue() == null || schema.getField(name) != null) continue;
          throw new Misfit("is no field of " + schema.getName(), entry.getValue()).within(name);
        }
        for (int at = 0; at < writes.size(); at++) {
          String name = fields.get(at).name();
          Object found = given.get(name);
          within(name, output, found == null ? absent.get(at) : found, writes.get(at));
        }
      };
    }

    /** What stands for a field that is absent: its default, or null where that is possible. */
    private static Object absentValue(Schema.Field field) {
      if (!field.hasDefaultValue()) return null;
      return valueOf(field.defaultVal());
    }

    private static Object valueOf(Object value) {
      if (value == JsonProperties.NULL_VALUE) return null;
      if (value instanceof Integer whole) return whole.longValue();
      if (value instanceof Float number) return number.doubleValue();
      if (value instanceof Map<?, ?> map) {
        Map<String, Object> made = new LinkedHashMap<>();
        map.forEach((name, one) -> made.put((String) name, valueOf(one)));
        return made;
      }
      return value instanceof List<?> list ? list.stream().map(Writers::valueOf).toList() : value;
    }

    private static Write array(Write item) {
      return (output, value) -> {
        if (!(value instanceof List<?> items)) throw new Misfit("must be a list", value);
        if (!items.isEmpty()) output.number(items.size());
        for (int at = 0; at < items.size(); at++) {
          within(Integer.toString(at), output, items.get(at), item);
        }
        output.number(0);
      };
    }

    private static Write map(Write write) {
      return (output, value) -> {
        if (!(value instanceof Map<?, ?> map)) throw new Misfit("must be an object", value);
        if (!map.isEmpty()) output.number(map.size());
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          output.text((String) entry.getKey());
          within((String) entry.getKey(), output, entry.getValue(), write);
        }
        output.number(0);
      };
    }

    private static void within(String name, AvroOutput output, Object value, Write write) {
      try {
        write.of(output, value);
      } catch (Misfit misfit) {
        throw misfit.within(name);
      }
    }

    /** The first branch that the value fits. */
    private Write union(Schema schema) {
      List<Write> writes = schema.getTypes().stream().map(this::of).toList();
      List<String> names = schema.getTypes().stream().map(Schema::getName).toList();
      return (output, value) -> {
        Misfit only = null;
        int misfits = 0;
        for (int branch = 0; branch < writes.size(); branch++) {
          int from = output.length();
          try {
            output.number(branch);
            writes.get(branch).of(output, value);
            return;
          } catch (Misfit misfit) {
            output.cut(from);
            if (names.get(branch).equals("null")) continue;
            only = misfit;
            misfits += 1;
          }
        }
        // Of a nullable type the other branch says what is wrong.
        throw misfits == 1 ? only : new Misfit("must be one of " + String.join(", ", names), value);
      };
    }
  }
}
