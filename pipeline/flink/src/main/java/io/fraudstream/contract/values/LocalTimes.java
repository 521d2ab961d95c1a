package io.fraudstream.contract.values;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Locale;

/** The local times of a zone. Not for two threads at once. */
final class LocalTimes {
  private static final long QUARTER_MS = 900_000;
  private static final int NO_OFFSET = Integer.MIN_VALUE;

  private final String name;
  private final boolean isUtc;
  private final ZoneRules rules;
  private long quarter = Long.MIN_VALUE;
  private int offsetMs;

  /** Errors: {@link IllegalArgumentException} for a zone that is unknown. */
  LocalTimes(String name) {
    this.name = name;
    String lower = name.toLowerCase(Locale.ROOT);
    this.isUtc = List.of("utc", "gmt", "etc/utc").contains(lower);
    this.rules = isUtc ? ZoneOffset.UTC.getRules() : rules(name);
  }

  private static ZoneRules rules(String name) {
    for (String known : ZoneId.getAvailableZoneIds()) {
      if (known.equalsIgnoreCase(name)) return ZoneId.of(known).getRules();
    }
    try {
      if (name.matches("[+-].*")) return ZoneOffset.of(name).getRules();
    } catch (DateTimeException notAnOffset) {
      // It is unknown.
    }
    throw new IllegalArgumentException(
        "The time zone \"" + name + "\" is unknown: give one such as Europe/Berlin");
  }

  /**
   * Epoch milliseconds of what a clock shows, given as if it were UTC; of a time that is shown
   * twice the first.
   *
   * <p>Errors: {@link BadTime} for what a clock never shows.
   */
  long instant(long localMs) {
    if (isUtc) return localMs;
    long at = Math.floorDiv(localMs, QUARTER_MS);
    if (at != quarter) {
      LocalDateTime local =
          LocalDateTime.ofEpochSecond(at * (QUARTER_MS / 1000), 0, ZoneOffset.UTC);
      List<ZoneOffset> offsets = rules.getValidOffsets(local);
      offsetMs = offsets.isEmpty() ? NO_OFFSET : offsets.get(0).getTotalSeconds() * 1000;
      quarter = at;
    }
    if (offsetMs == NO_OFFSET) throw new BadTime("no clock in " + name + " shows it");
    return localMs - offsetMs;
  }

  /** What the clock shows at an instant, and how far it is ahead of UTC. */
  LocalDateTime shown(long epochMs) {
    long second = Math.floorDiv(epochMs, 1000L);
    int nano = (int) Math.floorMod(epochMs, 1000L) * 1_000_000;
    return LocalDateTime.ofEpochSecond(second, nano, offsetAt(epochMs));
  }

  ZoneOffset offsetAt(long epochMs) {
    return rules.getOffset(Instant.ofEpochMilli(epochMs));
  }

  /** Milliseconds of a date and time as if it were UTC. Errors: {@link BadTime} for none. */
  static long localMs(int year, int month, int day, int hour, int minute, int second, int ms) {
    if (month < 1 || month > 12) throw new BadTime("there is no month " + month);
    if (day < 1 || day > daysIn(year, month)) {
      throw new BadTime("%d-%02d has no day %d".formatted(year, month, day));
    }
    boolean isMidnight = hour == 24 && minute == 0 && second == 0 && ms == 0;
    if (hour > 23 && !isMidnight) throw new BadTime("there is no hour " + hour);
    if (minute > 59) throw new BadTime("there is no minute " + minute);
    if (second > 59) {
      throw new BadTime("there is no second " + second + " (leap seconds are not known)");
    }
    long days = java.time.LocalDate.of(year, month, day).toEpochDay();
    return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000L + ms;
  }

  private static int daysIn(int year, int month) {
    if (month != 2) return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    return java.time.Year.isLeap(year) ? 29 : 28;
  }

  /** A date or time that there is not. */
  static final class BadTime extends RuntimeException {
    private static final long serialVersionUID = 1;

    BadTime(String reason) {
      super(reason, null, false, false);
    }
  }
}
