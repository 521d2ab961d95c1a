package io.fraudstream.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** Values of one row of CSV, as RFC 4180 has it. An empty field is absent. */
final class CsvPayloads implements Payloads {
  private final int[] indexes;
  private final byte separator;

  /** {@code paths} are single names: those of columns. */
  CsvPayloads(List<String> columns, char separator, List<List<String>> paths) {
    this.separator = (byte) separator;
    this.indexes = columns.stream().mapToInt(column -> paths.indexOf(List.of(column))).toArray();
  }

  @Override
  public String read(byte[] data, Object[] values) {
    Arrays.fill(values, null);
    int at = 0;
    int column = 0;
    while (true) {
      boolean isQuoted = at < data.length && data[at] == '"';
      int end = isQuoted ? endOfQuoted(data, at) : endOfPlain(data, at);
      if (end < 0 || end < data.length && data[end] != separator) {
        return "is not CSV (a quote in the wrong position)";
      }
      int index = column < indexes.length ? indexes[column] : -1;
      if (index >= 0 && values[index] == null) values[index] = text(data, at, end, isQuoted);
      column += 1;
      if (end >= data.length) break;
      at = end + 1;
    }
    if (column == indexes.length) return null;
    return "has " + column + " fields, and there are " + indexes.length + " columns";
  }

  private static String text(byte[] data, int from, int end, boolean isQuoted) {
    int first = isQuoted ? from + 1 : from;
    int last = isQuoted ? end - 1 : end;
    if (first == last) return null;
    String text = new String(data, first, last - first, StandardCharsets.UTF_8);
    return isQuoted ? text.replace("\"\"", "\"") : text;
  }

  private int endOfPlain(byte[] data, int from) {
    int at = from;
    while (at < data.length && data[at] != separator) at += 1;
    return at;
  }

  private static int endOfQuoted(byte[] data, int from) {
    int at = from + 1;
    while (true) {
      while (at < data.length && data[at] != '"') at += 1;
      if (at >= data.length) return -1;
      if (at + 1 >= data.length || data[at + 1] != '"') return at + 1;
      at += 2;
    }
  }
}
