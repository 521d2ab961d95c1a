package io.fraudstream.contract.values;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Values of a field by values of a record, compared as text: {@code 1} and {@code 1.0} are the
 * same.
 */
public final class ValueMap {
  private static final Pattern FRACTION = Pattern.compile("[+-]?[0-9]+\\.[0-9]*");
  private static final int MOST_SHOWN = 8;

  private final Map<String, String> ours = new HashMap<>();
  private final String otherwise;
  private final String unknown;

  /**
   * {@code otherwise} is ours where theirs is in no pair; null without.
   *
   * <p>Errors: {@link IllegalArgumentException} for a value that stands there twice.
   */
  public ValueMap(List<Map.Entry<String, String>> pairs, String otherwise) {
    this.otherwise = otherwise;
    for (Map.Entry<String, String> pair : pairs) {
      if (ours.put(comparable(pair.getKey()), pair.getValue()) != null) {
        throw new IllegalArgumentException("A value map has \"" + pair.getKey() + "\" twice");
      }
    }
    List<String> theirs = pairs.stream().map(Map.Entry::getKey).toList();
    String shown = String.join(", ", theirs.subList(0, Math.min(MOST_SHOWN, theirs.size())));
    String more = theirs.size() > MOST_SHOWN ? ", ..." : "";
    unknown = "must be one of " + shown + more + ", as \"values\" has them";
  }

  /** Errors: {@link UnreadableValue} for a value in no pair. */
  public String read(Object value) {
    String text = textOf(value);
    String found = text == null ? null : ours.get(text);
    if (found == null && text != null) found = ours.get(comparable(text));
    if (found != null) return found;
    if (otherwise == null || text == null) throw new UnreadableValue(unknown);
    return otherwise;
  }

  private static String textOf(Object value) {
    if (value instanceof String || value instanceof Long || value instanceof Boolean) {
      return value.toString();
    }
    return value instanceof String ? null : Numbers.numeral(value);
  }

  /** Numbers in their shortest form: {@code 1.0} is {@code 1}. */
  private static String comparable(String text) {
    if (!FRACTION.matcher(text).matches()) return text;
    Decimal decimal = Decimal.of(text);
    if (decimal == null) return text;
    String digits = decimal.digits();
    String whole = "0".repeat(Math.max(0, decimal.scale() + 1 - digits.length())) + digits;
    int point = whole.length() - decimal.scale();
    String fraction = whole.substring(point).replaceFirst("0+$", "");
    boolean isMinus = decimal.isNegative() && digits.chars().anyMatch(digit -> digit != '0');
    return (isMinus ? "-" : "")
        + whole.substring(0, point)
        + (fraction.isEmpty() ? "" : "." + fraction);
  }
}
