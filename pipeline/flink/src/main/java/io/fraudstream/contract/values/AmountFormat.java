package io.fraudstream.contract.values;

import io.fraudstream.records.Currencies;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Minor units of a currency by what stands in a record. Nothing is multiplied in floating point:
 * digits are counted.
 *
 * <p>A printing of the double that is nearest to an amount with the currency's decimals ({@code
 * 19.989999999999998} is 19.99) is that amount.
 */
public final class AmountFormat {
  /** Whole numbers of so many digits are below 2^53. */
  private static final int SAFE_DIGITS = 15;

  private static final int MOST_DIGITS = 100;
  private static final String SEPARATORS = " .,'_\u00a0\u202f\u2009";
  private static final long[] POWERS = {1, 10, 100, 1_000};
  private static final Pattern PLAIN = Pattern.compile("-?[0-9.]+(?:[eE][+-]?[0-9]+)?");

  private final boolean isMinor;
  private final boolean isHalfEven;
  private final String thousands;
  private final String separator;
  private final boolean isPlain;
  private final Pattern unsigned;

  /**
   * {@code as} is number, decimal or minor; the others are null unless given.
   *
   * <p>Errors: {@link IllegalArgumentException} for separators that contradict one another.
   */
  public AmountFormat(
      String as, String symbol, String thousands, String decimalSeparator, String rounding) {
    this.isMinor = as.equals("minor");
    this.isHalfEven = "half-even".equals(rounding);
    this.thousands = thousands == null ? "" : thousands;
    this.separator = decimalSeparator == null ? "." : decimalSeparator;
    String sign = symbol == null ? "" : symbol;
    checkSeparators(sign);
    isPlain = this.thousands.isEmpty() && separator.equals(".");
    String optional = "(?:" + Pattern.quote(sign) + ")?";
    unsigned =
        Pattern.compile(
            "([+-]?)\\s*" + optional + "\\s*([+-]?)\\s*([^+-]*?)\\s*" + optional, Pattern.DOTALL);
  }

  private void checkSeparators(String symbol) {
    for (String sign : List.of(thousands, separator)) {
      if (sign.isEmpty() || sign.length() == 1 && SEPARATORS.contains(sign)) continue;
      throw new IllegalArgumentException("\"" + sign + "\" is no separator of an amount");
    }
    if (thousands.equals(separator) || separator.isEmpty()) {
      throw new IllegalArgumentException(
          "Amounts need a decimal separator that is not that of thousands (\"" + thousands + "\")");
    }
    if (Pattern.compile("[0-9+\\-().]").matcher(symbol).find()) {
      throw new IllegalArgumentException("\"" + symbol + "\" is no symbol of a currency");
    }
  }

  /**
   * Minor units, below 0 for a minus. {@code currency} is null where it is not known.
   *
   * <p>Errors: {@link UnreadableValue} for what is no amount of the currency.
   */
  public long read(Object value, String currency) {
    int exponent = isMinor ? 0 : Currencies.exponent(currency);
    if (exponent < 0) {
      String seen = currency == null ? "it has none" : "\"" + currency + "\" is none";
      throw new UnreadableValue("is an amount that needs a known currency, and " + seen);
    }
    if (value instanceof Long whole && whole >= 0 && whole < 1_000_000_000_000L) {
      return whole * POWERS[exponent];
    }
    if (value instanceof String text && (separator.equals(".") || text.indexOf('.') < 0)) {
      long quick = quickly(text, exponent);
      if (quick >= 0) return quick;
    }
    return slowly(value, exponent, currency);
  }

  /** Digits, and at most the currency's decimals behind a point; -1 for every other text. */
  private static long quickly(String text, int exponent) {
    if (text.length() > SAFE_DIGITS - exponent) return -1;
    int point = text.indexOf('.');
    long whole = digits(text, 0, point < 0 ? text.length() : point);
    if (whole < 0) return -1;
    if (point < 0) return whole * POWERS[exponent];
    int decimals = text.length() - point - 1;
    long fraction = decimals > exponent ? -1 : digits(text, point + 1, text.length());
    if (fraction < 0) return -1;
    return whole * POWERS[exponent] + fraction * POWERS[exponent - decimals];
  }

  /** The whole number that digits are; -1 without any, or with another character among them. */
  private static long digits(String text, int from, int end) {
    if (from >= end) return -1;
    long number = 0;
    for (int at = from; at < end; at++) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) return -1;
      number = number * 10 + digit;
    }
    return number;
  }

  private long slowly(Object value, int exponent, String currency) {
    String numeral = Numbers.numeral(value);
    String text = numeral == null ? null : plain(numeral);
    Decimal decimal = Decimal.of(text);
    if (decimal == null) {
      throw new UnreadableValue(
          isMinor
              ? "must be a whole number of minor units"
              : "must be an amount in whole units, in the format of the contract");
    }
    BigDecimal exact = new BigDecimal(new java.math.BigInteger(decimal.digits()), decimal.scale());
    BigDecimal units = exact.movePointRight(exponent);
    BigDecimal rounded = units.setScale(0, RoundingMode.HALF_EVEN);
    if (rounded.compareTo(BigDecimal.valueOf(Numbers.MOST_SAFE)) > 0) {
      throw new UnreadableValue("is an amount past 2^53 minor units");
    }
    long minor = decimal.isNegative() ? -rounded.longValue() : rounded.longValue();
    boolean isWhole = rounded.compareTo(units) == 0;
    if (isWhole || isNearestDouble(text, decimal, minor, exponent) || isHalfEven) return minor;
    String what = isMinor ? "minor units are whole" : currency + " has " + exponent + " decimals";
    throw new UnreadableValue(
        "has a fraction, and " + what + ": set \"rounding: half-even\" to round it");
  }

  /** True when the text prints the double that is nearest to that amount. */
  private static boolean isNearestDouble(String text, Decimal decimal, long minor, int exponent) {
    String digits = decimal.digits();
    if (digits.length() < SAFE_DIGITS || digits.length() > MOST_DIGITS) return false;
    double nearest = BigDecimal.valueOf(minor, exponent).doubleValue();
    if (Double.parseDouble(text) != nearest) return false;
    BigDecimal printed =
        new BigDecimal(Math.abs(nearest))
            .round(new MathContext(digits.length(), RoundingMode.HALF_UP));
    String own = printed.unscaledValue().toString();
    return own.replaceFirst("0+$", "").equals(digits.replaceFirst("0+$", ""));
  }

  /** A text in the form of JSON: no symbol, no groups, a point, the sign in front; else null. */
  private String plain(String given) {
    if (isPlain && PLAIN.matcher(given).matches()) return given;
    boolean isInParentheses = given.startsWith("(") && given.endsWith(")");
    String inner =
        isInParentheses
            ? Numbers.trimmed(given.substring(1, Math.max(1, given.length() - 1)))
            : given;
    Matcher found = unsigned.matcher(inner);
    if (!found.matches()) return null;
    String signs = found.group(1) + found.group(2) + (isInParentheses ? "-" : "");
    if (signs.length() > 1) return null;
    String[] parts = found.group(3).split(Pattern.quote(separator), -1);
    String fraction = parts.length > 1 ? parts[1] : "";
    if (parts.length > 2 || fraction.indexOf('.') >= 0) return null;
    String digits = thousands.isEmpty() ? parts[0] : withoutGroups(parts[0]);
    if (digits == null) return null;
    return (signs.equals("-") ? "-" : "") + digits + '.' + fraction;
  }

  /** Groups of three digits, or of two and a last one of three as in India. */
  private String withoutGroups(String text) {
    String form = thousands.equals(" ") ? "[ \u00a0\u202f\u2009]" : Pattern.quote(thousands);
    List<String> groups = new ArrayList<>(List.of(text.split(form, -1)));
    if (groups.size() == 1) return text;
    for (int at = 0; at < groups.size(); at++) {
      String group = groups.get(at);
      if (digits("0" + group, 0, group.length() + 1) < 0 || group.isEmpty()) return null;
      boolean isLast = at == groups.size() - 1;
      boolean isSound =
          at == 0 ? group.length() <= 3 : group.length() == 3 || group.length() == 2 && !isLast;
      if (!isSound) return null;
    }
    return String.join("", groups);
  }
}
