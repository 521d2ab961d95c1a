package io.fraudstream.contract.values;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** Numbers as the TypeScript implementation has them: doubles, and their shortest texts. */
public final class Numbers {
  /** The greatest whole number that a double has with all its neighbours. */
  public static final long MOST_SAFE = (1L << 53) - 1;

  /** Below this a double has four decimals. */
  private static final double EXACT_BELOW = (double) (1L << 40);

  private static final int MOST_PLAIN_DIGITS = 21;
  private static final int MOST_ZEROS = 6;

  private Numbers() {}

  public static boolean isSafe(double value) {
    return value == Math.rint(value) && Math.abs(value) <= MOST_SAFE;
  }

  public static boolean isSafe(long value) {
    return value >= -MOST_SAFE && value <= MOST_SAFE;
  }

  /** A number of JSON: a {@link Long} or {@link Double}, or its text where a double has another. */
  public static Object ofJson(String text) {
    double value = Double.parseDouble(text);
    if (isSafe(value)) return Long.valueOf((long) value);
    return Math.abs(value) < EXACT_BELOW ? Double.valueOf(value) : new NumberText(text);
  }

  /** A whole number of 64 bits, or its text past 2^53. */
  public static Object of(long value) {
    return isSafe(value) ? Long.valueOf(value) : new NumberText(Long.toString(value));
  }

  /** The same of any size. */
  public static Object of(BigInteger value) {
    return value.bitLength() < Long.SIZE ? of(value.longValue()) : new NumberText(value.toString());
  }

  /** The text of a number as JavaScript writes it. Source: ECMA-262, Number::toString. */
  public static String text(double value) {
    if (isSafe(value)) return Long.toString((long) value);
    if (Double.isNaN(value)) return "NaN";
    if (Double.isInfinite(value)) return value > 0 ? "Infinity" : "-Infinity";
    // The shortest digits that give the same double back.
    BigDecimal decimal = new BigDecimal(NumberOutput.toString(value, true)).stripTrailingZeros();
    String digits = decimal.unscaledValue().abs().toString();
    String sign = decimal.signum() < 0 ? "-" : "";
    int point = digits.length() - decimal.scale();
    if (point > 0 && point <= MOST_PLAIN_DIGITS) {
      if (digits.length() <= point) return sign + digits + "0".repeat(point - digits.length());
      return sign + digits.substring(0, point) + '.' + digits.substring(point);
    }
    if (point <= 0 && point > -MOST_ZEROS) return sign + "0." + "0".repeat(-point) + digits;
    int exponent = point - 1;
    String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
    return sign
        + digits.charAt(0)
        + fraction
        + 'e'
        + (exponent < 0 ? '-' : '+')
        + Math.abs(exponent);
  }

  /** With so many decimals, halves away from 0. */
  public static String fixed(double value, int decimals) {
    return new BigDecimal(value).setScale(decimals, RoundingMode.HALF_UP).toPlainString();
  }

  /** The text of a number, or of a text without spaces around; null for all else. */
  static String numeral(Object value) {
    if (value instanceof String text) return trimmed(text);
    if (value instanceof Long whole) return Long.toString(whole);
    if (value instanceof Double number) return text(number);
    return value instanceof NumberText number ? number.text() : null;
  }

  /** Without the white space of JavaScript around. */
  static String trimmed(String text) {
    int from = 0;
    int end = text.length();
    while (from < end && isSpace(text.charAt(from))) from++;
    while (end > from && isSpace(text.charAt(end - 1))) end--;
    return text.substring(from, end);
  }

  private static boolean isSpace(char seen) {
    return seen == ' '
        || seen >= '\t' && seen <= '\r'
        || seen == '\u00a0'
        || seen == '\ufeff'
        || seen == '\u2028'
        || seen == '\u2029'
        || Character.getType(seen) == Character.SPACE_SEPARATOR;
  }
}
