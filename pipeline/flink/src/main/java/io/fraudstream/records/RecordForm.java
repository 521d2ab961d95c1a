package io.fraudstream.records;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The fields of a record in the order of the wire, each with its check; others are left out. */
final class RecordForm {
  private record Field(String name, Check check, boolean isRequired, int index) {}

  /** The values of the fields of one record; null, or a null of JSON, where unknown. */
  final class Values {
    private final JsonNode[] values;

    private Values(JsonNode[] values) {
      this.values = values;
    }

    /** The text of a field that has passed its check; null where unknown. */
    String text(String field) {
      JsonNode found = value(field);
      return found == null ? null : found.textValue();
    }

    /** The number of a field that has passed its check; null where unknown. */
    Double number(String field) {
      JsonNode found = value(field);
      // Added to 0, so that -0 is 0.
      boolean isUnknown = found == null || found.isNull();
      return isUnknown ? null : Double.valueOf(found.doubleValue() + 0.0);
    }

    /** The yes or no of a field that has passed its check; null where unknown. */
    Boolean yesOrNo(String field) {
      JsonNode found = value(field);
      return found == null || found.isNull() ? null : Boolean.valueOf(found.booleanValue());
    }

    /** The value of a field of this form; null where absent. */
    JsonNode value(String field) {
      return values[indexes.get(field)];
    }

    /** The first problem in the order of a form that has no other fields than this one, or null. */
    private Problem problem(RecordForm form) {
      for (Field field : form.fields) {
        JsonNode found = form == RecordForm.this ? values[field.index] : value(field.name);
        boolean isUnknown = found == null || found.isNull();
        if (isUnknown && !field.isRequired) continue;
        String reason = isUnknown ? "is required" : field.check.reason(found);
        if (reason != null) return new Problem(field.name, reason);
      }
      return null;
    }
  }

  private final List<Field> fields = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();
  private FlatJson flat;

  RecordForm required(String name, Check check) {
    return with(new Field(name, check, true, fields.size()));
  }

  RecordForm optional(String name, Check check) {
    return with(new Field(name, check, false, fields.size()));
  }

  private RecordForm with(Field field) {
    indexes.put(field.name, field.index);
    fields.add(field);
    flat = new FlatJson(fields.stream().map(Field::name).toList());
    return this;
  }

  /** The names of the fields in the order of the wire. */
  List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  /** The record that {@code made} makes of values by their indexes, or why they are none. */
  <T> Reading<T> of(
      JsonNode[] found, Function<Values, RecordForm> judge, Function<Values, T> made) {
    Values values = new Values(found);
    Problem problem = values.problem(judge.apply(values));
    return problem == null ? Reading.of(made.apply(values)) : Reading.none(problem);
  }

  /** The record that {@code made} makes of bytes, or why they are none. Never throws. */
  <T> Reading<T> read(byte[] data, Function<Values, T> made) {
    return read(data, values -> this, made);
  }

  /**
   * The same, judged by the form that {@code judge} chooses, all of whose fields are in this one.
   */
  <T> Reading<T> read(byte[] data, Function<Values, RecordForm> judge, Function<Values, T> made) {
    JsonNode[] found = flat.read(data);
    if (found == null) {
      try {
        found = parsed(new String(data, StandardCharsets.UTF_8));
      } catch (JsonProcessingException error) {
        return Reading.none(new Problem("", "must be JSON: " + error.getOriginalMessage()));
      } catch (IOException error) {
        return Reading.none(new Problem("", "must be JSON: " + error.getMessage()));
      }
      if (found == null) return Reading.none(new Problem("", "must be an object"));
    }
    return of(found, judge, made);
  }

  /** The values of an object without a tree of what is not asked for; null for any other value. */
  private JsonNode[] parsed(String text) throws IOException {
    try (JsonParser parser = RecordJson.FACTORY.createParser(text)) {
      JsonNode[] found = null;
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        found = new JsonNode[fields.size()];
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          Integer index = indexes.get(parser.currentName());
          JsonNode value = value(parser, parser.nextToken());
          // Of a name that stands twice, the last counts.
          if (index != null) found[index] = value;
        }
      } else if (parser.currentToken() != null) {
        parser.skipChildren();
      }
      if (parser.nextToken() == null) return found;
      throw new JsonParseException(parser, "there is more behind the value");
    }
  }

  private static JsonNode value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case VALUE_STRING -> TextNode.valueOf(parser.getText());
      // Checks ask for the nearest double: of many digits no more is made.
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          DoubleNode.valueOf(Double.parseDouble(parser.getText()));
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      case START_OBJECT, START_ARRAY -> {
        parser.skipChildren();
        yield MissingNode.getInstance();
      }
      default -> NullNode.instance;
    };
  }
}
