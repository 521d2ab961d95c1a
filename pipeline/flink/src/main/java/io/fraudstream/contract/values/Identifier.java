package io.fraudstream.contract.values;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Texts of identifiers. */
public final class Identifier {
  /** Texts that programs write where a value is missing. */
  private static final Set<String> MISSING =
      Set.of(
          "NaN",
          "nan",
          "-NaN",
          "NULL",
          "Null",
          "null",
          "\\N",
          "None",
          "<NA>",
          "NaT",
          "#N/A",
          "N/A",
          "undefined",
          "(null)",
          "Infinity",
          "-Infinity",
          "inf",
          "-inf");

  /** As C, Python and spreadsheets print large numbers, and as Java does. */
  private static final Pattern EXPONENT =
      Pattern.compile("[+-]?[0-9](?:(?:\\.[0-9]+)?[eE][+-][0-9]+|\\.[0-9]+[eE][0-9]+)");

  private static final int LONGEST_NUMBER = 40;
  private static final String SHORTENED =
      "must be text: this is a number that lost its digits to an exponent";

  private Identifier() {}

  /**
   * The text of an identifier: texts as they stand, whole numbers of any size, decimals, true and
   * false, binary as its UTF-8, else as {@code 0x} and hexadecimal digits.
   *
   * <p>Errors: {@link UnreadableValue} for objects and lists, for what stands for a missing value,
   * and for numbers whose digits are lost.
   */
  public static String text(Object value) {
    if (value instanceof String text) return checked(text);
    if (value instanceof Long || value instanceof Boolean) return value.toString();
    if (value instanceof Double number) return ofNumber(number);
    if (value instanceof NumberText number) {
      boolean isShort = number.text().indexOf('e') >= 0 || number.text().indexOf('E') >= 0;
      if (isShort) throw new UnreadableValue(SHORTENED);
      return number.text();
    }
    if (value instanceof byte[] bytes) return ofBytes(bytes);
    if (value instanceof List<?>) {
      throw new UnreadableValue("is a list: name an item, as in cards.0");
    }
    if (value instanceof Map<?, ?>) {
      throw new UnreadableValue("is an object: name what is in it by a path that ends in its name");
    }
    throw new UnreadableValue("must be text");
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int at = 0; at < text.length(); at += 1) {
      char unit = text.charAt(at);
      if (!Character.isSurrogate(unit)) continue;
      boolean isPair =
          Character.isHighSurrogate(unit)
              && at + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(at + 1));
      if (!isPair) return true;
      at += 1;
    }
    return false;
  }

  private static String checked(String text) {
    if (text.isEmpty()) return text;
    char first = text.charAt(0);
    boolean isDigits = first < ':' && text.length() < LONGEST_NUMBER;
    if (isDigits && EXPONENT.matcher(text).matches()) throw new UnreadableValue(SHORTENED);
    if (MISSING.contains(text)) throw new UnreadableValue("stands for a missing value");
    if (hasLoneSurrogate(text)) {
      throw new UnreadableValue("has half of a character, which UTF-8 cannot hold");
    }
    return text;
  }

  private static String ofNumber(double value) {
    if (!Double.isFinite(value)) {
      throw new UnreadableValue("must be text, and is not even a number");
    }
    if (value == Math.rint(value) && !Numbers.isSafe(value)) {
      throw new UnreadableValue(
          "is a number past 2^53, whose last digits are lost: keep it as text");
    }
    boolean isMinusZero = value == 0 && 1 / value < 0;
    String text = isMinusZero ? "-0" : Numbers.text(value);
    if (text.indexOf('e') >= 0) throw new UnreadableValue(SHORTENED);
    return text;
  }

  private static String ofBytes(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (!text.isEmpty() && text.chars().noneMatch(code -> code < ' ' || code == 0x7f))
        return text;
    } catch (CharacterCodingException noText) {
      // Then it is written in hexadecimal digits.
    }
    return "0x" + HexFormat.of().formatHex(bytes);
  }
}
