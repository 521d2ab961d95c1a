package io.fraudstream.contract;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.fraudstream.contract.values.NumberText;
import io.fraudstream.contract.values.Numbers;
import io.fraudstream.records.RecordJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Values of JSON at certain paths: one pass over the tokens, no tree. */
final class JsonPayloads implements Payloads {
  /** What is wanted below a name: a value, or more names. */
  private static final class Wanted {
    private static final int NONE = -1;

    private final Map<String, Wanted> names = new HashMap<>();
    private int index = NONE;
    private int[] below = {};

    private void add(List<String> steps, int wanted) {
      below = Arrays.copyOf(below, below.length + 1);
      below[below.length - 1] = wanted;
      if (steps.isEmpty()) {
        index = wanted;
        return;
      }
      names
          .computeIfAbsent(steps.get(0), name -> new Wanted())
          .add(steps.subList(1, steps.size()), wanted);
    }
  }

  private final Wanted root = new Wanted();
  private final boolean[] isText;

  /** {@code isText} of a path wants numbers as they are written. */
  JsonPayloads(List<List<String>> paths, boolean[] isText) {
    this.isText = isText;
    for (int index = 0; index < paths.size(); index++) root.add(paths.get(index), index);
  }

  @Override
  public String read(byte[] data, Object[] values) {
    if (!Utf8.isText(data)) return "is not UTF-8";
    Arrays.fill(values, null);
    try (JsonParser parser = RecordJson.FACTORY.createParser(data)) {
      JsonToken first = parser.nextToken();
      if (first == null) return "is not JSON (it is empty)";
      if (!first.isStructStart()) {
        parser.finishToken();
        return parser.nextToken() == null ? "must be an object" : "is not JSON";
      }
      inside(parser, root, first == JsonToken.START_OBJECT, values);
      if (parser.nextToken() != null) return "is not JSON (there is more behind it)";
      return null;
    } catch (JsonProcessingException error) {
      return "is not JSON (" + error.getOriginalMessage() + ")";
    } catch (IOException error) {
      return "is not JSON (" + error.getMessage() + ")";
    }
  }

  private void inside(JsonParser parser, Wanted wanted, boolean isObject, Object[] values)
      throws IOException {
    for (int item = 0; ; item++) {
      JsonToken token = parser.nextToken();
      if (token == JsonToken.END_OBJECT || token == JsonToken.END_ARRAY) return;
      Wanted found = wanted.names.get(isObject ? parser.currentName() : Integer.toString(item));
      if (isObject) token = parser.nextToken();
      if (found == null) {
        if (token.isStructStart()) parser.skipChildren();
        else parser.finishToken();
        continue;
      }
      // Of a name that stands twice, the last counts.
      for (int index : found.below) values[index] = null;
      if (found.index != Wanted.NONE) values[found.index] = value(parser, token, found.index);
      else if (token.isStructStart()) {
        inside(parser, found, token == JsonToken.START_OBJECT, values);
      } else parser.finishToken();
    }
  }

  private Object value(JsonParser parser, JsonToken token, int index) throws IOException {
    switch (token) {
      case VALUE_STRING:
        return parser.getText();
      case VALUE_NUMBER_INT:
      case VALUE_NUMBER_FLOAT:
        String text = parser.getText();
        return isText[index] ? new NumberText(text) : Numbers.ofJson(text);
      case VALUE_TRUE:
        return Boolean.TRUE;
      case VALUE_FALSE:
        return Boolean.FALSE;
      case START_OBJECT:
        parser.skipChildren();
        return Map.of();
      case START_ARRAY:
        parser.skipChildren();
        return List.of();
      default:
        return null;
    }
  }
}
