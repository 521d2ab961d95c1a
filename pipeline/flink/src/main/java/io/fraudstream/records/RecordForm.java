package io.fraudstream.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The fields of a record in the order of the wire, each with its check; others are left out. */
final class RecordForm {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private record Field(String name, Check check, boolean isRequired) {}

  private final List<Field> fields = new ArrayList<>();

  RecordForm required(String name, Check check) {
    fields.add(new Field(name, check, true));
    return this;
  }

  RecordForm optional(String name, Check check) {
    fields.add(new Field(name, check, false));
    return this;
  }

  /** The first problem of a value in the order of the table, or null. */
  Problem problem(JsonNode value) {
    if (value == null || !value.isObject()) return new Problem("", "must be an object");
    for (Field field : fields) {
      JsonNode found = value.get(field.name);
      boolean isUnknown = found == null || found.isNull();
      if (isUnknown && !field.isRequired) continue;
      String reason = isUnknown ? "is required" : field.check.reason(found);
      if (reason != null) return new Problem(field.name, reason);
    }
    return null;
  }

  /** The JSON value that bytes are; throws for bytes that are none. */
  static JsonNode json(byte[] data) throws JsonProcessingException {
    return JSON.readTree(new String(data, StandardCharsets.UTF_8));
  }

  /** The problem of bytes that are no JSON at all. */
  static Problem notJson(JsonProcessingException error) {
    return new Problem("", "must be JSON: " + error.getOriginalMessage());
  }

  /** The text of a field that has passed its check; null where unknown. */
  static String text(JsonNode value, String field) {
    JsonNode found = value.get(field);
    return found == null ? null : found.textValue();
  }

  /** The number of a field that has passed its check; null where unknown. */
  static Double number(JsonNode value, String field) {
    JsonNode found = value.get(field);
    // Added to 0, so that -0 is 0.
    return found == null || found.isNull() ? null : Double.valueOf(found.doubleValue() + 0.0);
  }

  /** The yes or no of a field that has passed its check; null where unknown. */
  static Boolean yesOrNo(JsonNode value, String field) {
    JsonNode found = value.get(field);
    return found == null || found.isNull() ? null : Boolean.valueOf(found.booleanValue());
  }
}
