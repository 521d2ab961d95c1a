package io.fraudstream.contract;

import io.fraudstream.contract.ContractNode.Scalar;
import io.fraudstream.contract.codecs.Codec;
import io.fraudstream.contract.codecs.Misfit;
import io.fraudstream.contract.values.Numbers;
import io.fraudstream.contract.values.Pointer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes records whose values stand at the pointers of a contract: compiled once to a list of
 * functions between fixed texts.
 */
final class RecordWriter<T> {
  /** How the values of a record become its bytes: by a codec, as a row of columns, or as JSON. */
  record Form(Codec codec, List<String> columns, char separator) {
    static final Form JSON = new Form(null, null, ',');

    static Form of(Codec codec) {
      return new Form(codec, null, ',');
    }

    static Form of(List<String> columns, char separator) {
      return new Form(null, columns, separator);
    }
  }

  /** A value, where it stands, and what it is called in a contract. */
  record Part<T>(Pointer at, String name, Function<T, Object> value) {}

  /** Adds a value, if the contract says where it stands. */
  static <T> void add(List<Part<T>> parts, Pointer at, String name, Function<T, Object> value) {
    if (at != null) parts.add(new Part<>(at, name, value));
  }

  private interface Text<T> {
    /** Adds the JSON of what there is, and says whether there was anything. */
    boolean append(StringBuilder json, T subject);
  }

  /** An object or a list of a record; its members are parts or groups. */
  private static final class Group extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1;

    boolean isList() {
      if (!keySet().stream().allMatch(name -> name.matches("0|[1-9][0-9]*"))) return false;
      for (int at = 0; at < size(); at++) {
        if (containsKey(Integer.toString(at))) continue;
        throw new IllegalArgumentException(
            "a list that is written has the items %s, and lacks item %d"
                .formatted(String.join(", ", keySet()), at));
      }
      return true;
    }

    List<Object> items() {
      List<Object> items = new ArrayList<>();
      for (int at = 0; at < size(); at++) items.add(get(Integer.toString(at)));
      return items;
    }
  }

  private final Form form;
  private final Text<T> text;
  private final Function<T, Object> value;
  private final List<Function<T, Object>> columns = new ArrayList<>();

  /** Errors: {@link IllegalArgumentException} for parts that cannot stand where they are. */
  RecordWriter(List<Part<T>> parts, Form form) {
    this.form = form;
    if (form.columns != null) {
      for (String column : form.columns) columns.add(inColumn(column, parts));
      text = null;
      value = null;
      return;
    }
    Group root = new Group();
    for (Part<T> part : parts) place(part, root);
    text = textOf(root);
    value = valueOf(root);
  }

  private Function<T, Object> inColumn(String column, List<Part<T>> parts) {
    for (Part<T> part : parts) {
      if (part.name.equals("features")) {
        throw new IllegalArgumentException(
            "\"features\" is a list, which a column of CSV cannot have");
      }
      if (part.at.steps().get(0).equals(column)) return part.value;
    }
    return subject -> null;
  }

  private static void place(Part<?> part, Group root) {
    Group group = root;
    List<String> steps = part.at.steps();
    for (String step : steps.subList(0, steps.size() - 1)) {
      Object found = group.computeIfAbsent(step, name -> new Group());
      if (!(found instanceof Group inner)) throw taken(part);
      group = inner;
    }
    if (group.putIfAbsent(steps.get(steps.size() - 1), part) != null) throw taken(part);
  }

  private static IllegalArgumentException taken(Part<?> part) {
    return new IllegalArgumentException(
        "%s is at %s, where there is another value already: to write both, give each its own path"
            .formatted(part.name, part.at.text()));
  }

  /** A value of the contract as it is written. */
  static Object constant(Scalar scalar) {
    return scalar.value() instanceof Double number && Numbers.isSafe(number)
        ? Long.valueOf(number.longValue())
        : scalar.value();
  }

  /** The bytes of a record. Errors: {@link Misfit} for a value that is not of its schema. */
  byte[] write(T subject) {
    if (form.codec != null) return form.codec.encode(value.apply(subject));
    StringBuilder line = new StringBuilder(256);
    if (form.columns == null) text.append(line, subject);
    else {
      for (int at = 0; at < columns.size(); at++) {
        if (at > 0) line.append(form.separator);
        appendField(line, columns.get(at).apply(subject));
      }
    }
    return line.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void appendField(StringBuilder line, Object value) {
    if (value == null) return;
    String field = value instanceof Double number ? Numbers.text(number) : value.toString();
    boolean isPlain =
        field.indexOf('"') < 0
            && field.indexOf('\n') < 0
            && field.indexOf('\r') < 0
            && field.indexOf(form.separator) < 0;
    if (isPlain) line.append(field);
    else line.append('"').append(field.replace("\"", "\"\"")).append('"');
  }

  @SuppressWarnings("unchecked")
  private static <T> Text<T> textOf(Object shape) {
    if (shape instanceof Part<?> part) {
      Function<T, Object> value = ((Part<T>) part).value;
      return (json, subject) -> {
        Object found = value.apply(subject);
        if (found == null) return false;
        JsonText.append(json, found);
        return true;
      };
    }
    Group group = (Group) shape;
    if (group.isList()) {
      List<Text<T>> items = group.items().stream().<Text<T>>map(RecordWriter::textOf).toList();
      return (json, subject) -> {
        for (int at = 0; at < items.size(); at++) {
          json.append(at == 0 ? '[' : ',');
          if (!items.get(at).append(json, subject)) json.append("null");
        }
        json.append(']');
        return true;
      };
    }
    List<String> keys = new ArrayList<>();
    List<Text<T>> members = new ArrayList<>();
    group.forEach(
        (name, inner) -> {
          StringBuilder key = new StringBuilder();
          JsonText.append(key, name);
          keys.add(key.append(':').toString());
          members.add(textOf(inner));
        });
    return (json, subject) -> {
      json.append('{');
      int first = json.length();
      for (int at = 0; at < members.size(); at++) {
        int from = json.length();
        if (from > first) json.append(',');
        json.append(keys.get(at));
        if (!members.get(at).append(json, subject)) json.setLength(from);
      }
      json.append('}');
      return true;
    };
  }

  @SuppressWarnings("unchecked")
  private static <T> Function<T, Object> valueOf(Object shape) {
    if (shape instanceof Part<?> part) return ((Part<T>) part).value;
    Group group = (Group) shape;
    if (group.isList()) {
      List<Function<T, Object>> items =
          group.items().stream().<Function<T, Object>>map(RecordWriter::valueOf).toList();
      return subject -> {
        List<Object> list = new ArrayList<>();
        for (Function<T, Object> item : items) list.add(item.apply(subject));
        return list;
      };
    }
    Map<String, Function<T, Object>> members = new LinkedHashMap<>();
    group.forEach((name, inner) -> members.put(name, valueOf(inner)));
    return subject -> {
      Map<String, Object> made = new LinkedHashMap<>();
      members.forEach(
          (name, inner) -> {
            Object found = inner.apply(subject);
            if (found != null) made.put(name, found);
          });
      return made;
    };
  }

  /** The first writer that all samples fit; only codecs have schemas that they may not fit. */
  static <T> RecordWriter<T> fitting(List<RecordWriter<T>> writers, List<T> samples) {
    RecordWriter<T> first = writers.get(0);
    if (first.form.codec == null) return first;
    Misfit why = null;
    for (RecordWriter<T> writer : writers) {
      try {
        samples.forEach(writer::write);
        return writer;
      } catch (Misfit misfit) {
        if (why == null) why = misfit;
      }
    }
    throw why;
  }
}
