package io.fraudstream.contract.codecs;

import io.fraudstream.contract.values.Decimal;
import io.fraudstream.contract.values.Numbers;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;
import java.util.regex.Pattern;

/** Values that stand for others than those of their type: decimals and UUIDs. */
final class LogicalTypes {
  private static final Pattern UUID_FORM =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  private LogicalTypes() {}

  /** A decimal of Avro as text: an integer in two's complement, the highest byte first. */
  static String decimalText(byte[] bytes, int scale) {
    BigInteger unscaled = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
    return new BigDecimal(unscaled, scale).toPlainString();
  }

  /** The bytes of a decimal; {@code size} is that of a fixed, or 0. */
  static byte[] decimalBytes(Object value, int precision, int scale, int size) {
    Decimal decimal = value == null ? null : Decimal.of(numeral(value));
    if (decimal == null) throw new Misfit("must be a decimal number", value);
    BigDecimal exact = new BigDecimal(new BigInteger(decimal.digits()), decimal.scale());
    BigInteger unscaled;
    try {
      unscaled = exact.setScale(scale).unscaledValue();
    } catch (ArithmeticException inexact) {
      throw new Misfit("must have " + scale + " digits behind the point at most", value);
    }
    if (unscaled.signum() != 0 && unscaled.toString().length() > precision) {
      throw new Misfit("must have " + precision + " digits at most", value);
    }
    byte[] bytes = (decimal.isNegative() ? unscaled.negate() : unscaled).toByteArray();
    if (size == 0 || bytes.length == size) return bytes;
    if (bytes.length > size) throw new Misfit("must fit into " + size + " bytes", value);
    byte[] padded = new byte[size];
    if (bytes[0] < 0) Arrays.fill(padded, (byte) -1);
    System.arraycopy(bytes, 0, padded, size - bytes.length, bytes.length);
    return padded;
  }

  private static String numeral(Object value) {
    if (value instanceof Double number) return Numbers.text(number);
    return value instanceof String text ? text.strip() : value.toString();
  }

  static boolean isUuid(Object value) {
    return value instanceof String text && UUID_FORM.matcher(text).matches();
  }

  static String uuidText(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong()).toString();
  }

  static byte[] uuidBytes(String uuid) {
    return HexFormat.of().parseHex(uuid.replace("-", ""));
  }
}
