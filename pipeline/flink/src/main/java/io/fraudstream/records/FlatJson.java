package io.fraudstream.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the form in which nearly all records come, faster than a JSON parser that builds a tree:
 * one object of strings without escapes, whole numbers of at most 15 digits, true, false and null.
 *
 * <p>All else, and all that is no JSON, is left to the parser, so that what is read is the same.
 */
final class FlatJson {
  private static final int MOST_DIGITS = 15;

  private final byte[][] names;
  private final Map<String, Integer> indexes = new HashMap<>();

  /** {@code names} in the order in which they usually come. */
  FlatJson(List<String> names) {
    this.names =
        names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
    for (int index = 0; index < names.size(); index++) indexes.put(names.get(index), index);
  }

  /** The values of the named fields, null where there is none; null for any other form of JSON. */
  JsonNode[] read(byte[] data) {
    return new Reading(data).values();
  }

  private final class Reading {
    private static final int UNKNOWN = -1;

    private final byte[] data;
    private final JsonNode[] values = new JsonNode[names.length];
    private int at;
    private int expected;
    private boolean isOther;

    private Reading(byte[] data) {
      this.data = data;
    }

    private JsonNode[] values() {
      expect('{');
      do {
        int index = name();
        expect(':');
        JsonNode value = value(index != UNKNOWN);
        if (index != UNKNOWN) values[index] = value;
        skipSpace();
      } while (!isOther && take(','));
      expect('}');
      skipSpace();
      return isOther || at < data.length ? null : values;
    }

    private void skipSpace() {
      while (at < data.length) {
        byte seen = data[at];
        if (seen != ' ' && seen != '\n' && seen != '\t' && seen != '\r') return;
        at += 1;
      }
    }

    private boolean take(char wanted) {
      if (at >= data.length || data[at] != wanted) return false;
      at += 1;
      return true;
    }

    private void expect(char wanted) {
      skipSpace();
      if (!take(wanted)) isOther = true;
    }

    private int name() {
      int start = stringStart();
      int end = at - 1;
      if (isOther) return UNKNOWN;
      if (expected < names.length && isName(names[expected], start, end)) return expected++;
      String name = new String(data, start, end - start, StandardCharsets.UTF_8);
      Integer index = indexes.get(name);
      if (index == null) return UNKNOWN;
      expected = index + 1;
      return index;
    }

    private boolean isName(byte[] name, int start, int end) {
      return Arrays.equals(name, 0, name.length, data, start, end);
    }

    /** Steps over a string and answers where its text begins; it ends one before {@link #at}. */
    private int stringStart() {
      expect('"');
      int start = at;
      while (at < data.length && data[at] != '"') {
        // Beyond ASCII bytes are negative.
        boolean isPlain = data[at] < 0 || data[at] >= ' ' && data[at] != '\\';
        if (!isPlain) break;
        at += 1;
      }
      if (!take('"')) isOther = true;
      return start;
    }

    private JsonNode value(boolean isWanted) {
      skipSpace();
      byte first = at < data.length ? data[at] : 0;
      if (first == '"') return text(isWanted);
      if (first >= '0' && first <= '9') return number();
      if (first == 't') return word("true", BooleanNode.TRUE);
      if (first == 'f') return word("false", BooleanNode.FALSE);
      return word("null", NullNode.instance);
    }

    private JsonNode text(boolean isWanted) {
      int start = stringStart();
      if (isOther || !isWanted) return null;
      String text = new String(data, start, at - 1 - start, StandardCharsets.UTF_8);
      // Bytes that are no UTF-8, or one that says so itself.
      if (text.indexOf('\ufffd') >= 0) isOther = true;
      return TextNode.valueOf(text);
    }

    private JsonNode number() {
      int start = at;
      long number = 0;
      while (at < data.length && data[at] >= '0' && data[at] <= '9') {
        number = number * 10 + data[at] - '0';
        at += 1;
        if (at - start > MOST_DIGITS) isOther = true;
        if (isOther) return null;
      }
      if (data[start] == '0' && at - start > 1) isOther = true;
      return LongNode.valueOf(number);
    }

    private JsonNode word(String word, JsonNode value) {
      for (int index = 0; index < word.length(); index++) {
        if (!take(word.charAt(index))) isOther = true;
      }
      return value;
    }
  }
}
