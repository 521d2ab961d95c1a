package io.fraudstream.records;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** Instants in the one form that records have: RFC 3339 in UTC with milliseconds. */
public final class Instants {
  /** What {@link #read} answers for a text that is no such instant. */
  public static final long NONE = Long.MIN_VALUE;

  private static final String FORM = "0000-00-00T00:00:00.000Z";
  private static final int FIRST_YEAR = 100;

  private Instants() {}

  /** Epoch milliseconds, or {@link #NONE}. */
  public static long read(String text) {
    if (!hasForm(text)) return NONE;
    try {
      int year = digits(text, 0, 4);
      LocalDateTime time =
          LocalDateTime.of(
              year,
              digits(text, 5, 7),
              digits(text, 8, 10),
              digits(text, 11, 13),
              digits(text, 14, 16),
              digits(text, 17, 19));
      if (year < FIRST_YEAR) return NONE;
      return time.toEpochSecond(ZoneOffset.UTC) * 1000 + digits(text, 20, 23);
    } catch (DateTimeException notADay) {
      // The thirtieth of February and the like.
      return NONE;
    }
  }

  /** The text of epoch milliseconds. */
  public static String write(long epochMs) {
    long second = Math.floorDiv(epochMs, 1000L);
    int ms = (int) Math.floorMod(epochMs, 1000L);
    LocalDateTime time = LocalDateTime.ofEpochSecond(second, 0, ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(FORM.length());
    append(text, time.getYear(), 1000);
    append(text.append('-'), time.getMonthValue(), 10);
    append(text.append('-'), time.getDayOfMonth(), 10);
    append(text.append('T'), time.getHour(), 10);
    append(text.append(':'), time.getMinute(), 10);
    append(text.append(':'), time.getSecond(), 10);
    append(text.append('.'), ms, 100);
    return text.append('Z').toString();
  }

  /** {@code highest} is the value of the first digit. */
  private static void append(StringBuilder text, int number, int highest) {
    for (int unit = highest; unit > 0; unit /= 10) text.append((char) ('0' + number / unit % 10));
  }

  private static boolean hasForm(String text) {
    if (text.length() != FORM.length()) return false;
    for (int at = 0; at < FORM.length(); at++) {
      char seen = text.charAt(at);
      boolean isDigit = seen >= '0' && seen <= '9';
      boolean fits = FORM.charAt(at) == '0' ? isDigit : seen == FORM.charAt(at);
      if (!fits) return false;
    }
    return true;
  }

  private static int digits(String text, int from, int to) {
    int number = 0;
    for (int at = from; at < to; at++) number = number * 10 + text.charAt(at) - '0';
    return number;
  }
}
