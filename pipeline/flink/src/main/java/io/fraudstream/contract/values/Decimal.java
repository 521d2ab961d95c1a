package io.fraudstream.contract.values;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A decimal number, exact: {@code digits} with {@code scale} of them behind the point.
 *
 * @param digits without leading zeros, "0" at least
 * @param isShortened written with an exponent whose zeros nobody wrote: {@code 1.32538e+09}
 */
public record Decimal(boolean isNegative, String digits, int scale, boolean isShortened) {
  private static final Pattern FORM =
      Pattern.compile("([+-]?)([0-9]*)(?:\\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?");

  /** Longer texts are no numbers that anybody means; exponents are bounded likewise. */
  private static final int LONGEST = 400;

  /** Null for what is no decimal number, such as {@code 0x10}, {@code NaN}, {@code 1_000}. */
  public static Decimal of(String text) {
    if (text == null || text.length() > LONGEST) return null;
    Matcher found = FORM.matcher(text);
    if (!found.matches()) return null;
    String whole = found.group(2);
    String fraction = found.group(3) == null ? "" : found.group(3);
    if (whole.isEmpty() && fraction.isEmpty()) return null;
    String exponent = found.group(4);
    int power = exponent == null ? 0 : Integer.parseInt(exponent);
    if (Math.abs(power) > LONGEST) return null;
    int scale = fraction.length() - power;
    String digits = whole + fraction + "0".repeat(Math.max(0, -scale));
    return new Decimal(
        found.group(1).equals("-"),
        withoutLeadingZeros(digits),
        Math.max(0, scale),
        exponent != null && scale < 0);
  }

  private static String withoutLeadingZeros(String digits) {
    int from = 0;
    while (from < digits.length() - 1 && digits.charAt(from) == '0') from++;
    return digits.substring(from);
  }

  /** The decimal times {@code factor} over {@code divisor}, towards minus infinity. */
  double timesWhole(long factor, long divisor) {
    BigInteger below = BigInteger.TEN.pow(scale).multiply(BigInteger.valueOf(divisor));
    BigInteger product = new BigInteger(digits).multiply(BigInteger.valueOf(factor));
    if (isNegative) product = product.negate();
    BigInteger[] parts = product.divideAndRemainder(below);
    return parts[0]
        .subtract(parts[1].signum() < 0 ? BigInteger.ONE : BigInteger.ZERO)
        .doubleValue();
  }
}
