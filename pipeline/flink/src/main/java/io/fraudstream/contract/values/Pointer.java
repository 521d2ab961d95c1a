package io.fraudstream.contract.values;

import java.util.Arrays;
import java.util.List;

/**
 * Where a value stands in a record: the names and indexes that lead to it.
 *
 * @param isDotted true for {@code a.b}, which also names a column; false for RFC 6901
 */
public record Pointer(String text, List<String> steps, boolean isDotted) {
  /** Errors: {@link IllegalArgumentException} for {@code ~} before anything but 0 and 1. */
  public static Pointer of(String text) {
    if (!text.isEmpty() && !text.startsWith("/")) {
      return new Pointer(text, List.of(text.split("\\.", -1)), true);
    }
    if (text.matches(".*~(?![01]).*")) {
      throw new IllegalArgumentException(
          "The pointer \"" + text + "\" has a \"~\" that is neither ~0 (for ~) nor ~1 (for /)");
    }
    List<String> steps =
        Arrays.stream(text.split("/", -1))
            .skip(1)
            .map(step -> step.replace("~1", "/").replace("~0", "~"))
            .toList();
    return new Pointer(text, steps, false);
  }

  /** Steps as RFC 6901 writes them. */
  public static String textOf(List<String> steps) {
    StringBuilder text = new StringBuilder();
    for (String step : steps) {
      text.append('/').append(step.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
