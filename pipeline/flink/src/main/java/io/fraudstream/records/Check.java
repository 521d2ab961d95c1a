package io.fraudstream.records;

import com.fasterxml.jackson.databind.JsonNode;
import io.fraudstream.addresses.Addresses;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Says what is wrong with a value, or null when nothing is. */
@FunctionalInterface
interface Check {
  /** The greatest whole number that a double holds with all its neighbours. */
  double MOST_WHOLE = 9_007_199_254_740_991.0;

  String reason(JsonNode value);

  static Check exactly(int wanted) {
    return value -> value.isNumber() && value.doubleValue() == wanted ? null : "must be " + wanted;
  }

  static Check oneOf(List<String> values) {
    Set<String> known = Set.copyOf(values);
    String all = values.size() > 12 ? "the known codes" : String.join(", ", values);
    String reason = "must be one of " + all;
    return value -> value.isTextual() && known.contains(value.textValue()) ? null : reason;
  }

  /**
   * Text of 1 to {@code most} characters; characters are code points, as JSON Schema counts them.
   */
  static Check text(int most) {
    return value -> {
      if (!value.isTextual()) return "must be a string";
      String text = value.textValue();
      int length = text.codePointCount(0, text.length());
      return length >= 1 && length <= most ? null : "must have 1 to " + most + " characters";
    };
  }

  static Check digits(int least, int most) {
    return ofCharacters(least, most, Check::isDigit, "digits");
  }

  static Check digitsOrCapitals(int length) {
    IntPredicate isOne = code -> isDigit(code) || isCapital(code);
    return ofCharacters(length, length, isOne, "digits or capital letters");
  }

  static Check capitals(int length) {
    return ofCharacters(length, length, Check::isCapital, "capital letters");
  }

  /**
   * A whole number from 0 up to what a double holds exactly, however it is written: 7, 7.0, 7e0.
   */
  static Check wholeNumber() {
    return value -> {
      double number = value.isNumber() ? value.doubleValue() : -1;
      boolean isWhole = number >= 0 && number <= MOST_WHOLE && number == Math.rint(number);
      return isWhole ? null : "must be a whole number from 0 to 2^53-1";
    };
  }

  static Check yesOrNo() {
    return value -> value.isBoolean() ? null : "must be true or false";
  }

  static Check instant() {
    return value ->
        value.isTextual() && Instants.read(value.textValue()) != Instants.NONE
            ? null
            : "must be an instant in UTC with milliseconds, such as 2026-01-31T23:59:59.999Z";
  }

  static Check ipAddress() {
    return value ->
        value.isTextual() && Addresses.parse(value.textValue()) != Addresses.NONE
            ? null
            : "must be an IPv4 or IPv6 address";
  }

  private static Check ofCharacters(int least, int most, IntPredicate isOne, String names) {
    String reason = "must be " + (least == most ? least : least + " to " + most) + " " + names;
    return value -> {
      if (!value.isTextual()) return reason;
      String text = value.textValue();
      boolean hasLength = text.length() >= least && text.length() <= most;
      return hasLength && areAll(text, isOne) ? null : reason;
    };
  }

  private static boolean areAll(String text, IntPredicate isOne) {
    for (int at = 0; at < text.length(); at++) if (!isOne.test(text.charAt(at))) return false;
    return true;
  }

  private static boolean isDigit(int code) {
    return code >= '0' && code <= '9';
  }

  private static boolean isCapital(int code) {
    return code >= 'A' && code <= 'Z';
  }
}
