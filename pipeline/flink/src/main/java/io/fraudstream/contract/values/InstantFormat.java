package io.fraudstream.contract.values;

import io.fraudstream.contract.values.LocalTimes.BadTime;
import io.fraudstream.records.Instants;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Instants in epoch milliseconds by what stands in a record, and back. Not for two threads at once.
 */
public abstract class InstantFormat {
  private static final long NS_PER_MS = 1_000_000;

  /** Nanoseconds of one of them. */
  private static final Map<String, Long> EPOCHS =
      Map.of(
          "epoch-seconds",
          1_000 * NS_PER_MS,
          "epoch-milliseconds",
          NS_PER_MS,
          "epoch-microseconds",
          1_000L,
          "epoch-nanoseconds",
          1L);

  /** Milliseconds of one of them. */
  private static final Map<String, Long> UNITS = new LinkedHashMap<>();

  static {
    UNITS.put("milliseconds", 1L);
    UNITS.put("seconds", 1_000L);
    UNITS.put("minutes", 60_000L);
    UNITS.put("hours", 3_600_000L);
    UNITS.put("days", 86_400_000L);
  }

  private static final long EARLIEST_MS = Instants.read("0100-01-01T00:00:00.000Z");
  private static final long LATEST_MS = Instants.read("9999-12-31T23:59:59.999Z");

  private final String name;

  private InstantFormat(String name) {
    this.name = name;
  }

  /**
   * The format that the keys of a contract state, each null unless given.
   *
   * <p>Errors: {@link IllegalArgumentException} for a zone, format, origin or unit that is none.
   */
  public static InstantFormat of(String as, String zone, String origin, String unit) {
    LocalTimes times = new LocalTimes(zone == null ? "UTC" : zone);
    if (origin != null) return sinceOrigin(as, origin, unit == null ? "seconds" : unit, times);
    if (unit != null) {
      throw new IllegalArgumentException(
          "The unit " + unit + " needs an origin: an instant to count from");
    }
    if (as == null || as.equals("iso")) return new Iso(times);
    Long unitNs = EPOCHS.get(as);
    return unitNs == null ? new ByPattern(as, times) : new Counted(as, 0, unitNs);
  }

  private static InstantFormat sinceOrigin(
      String as, String origin, String unit, LocalTimes times) {
    if (as != null) {
      throw new IllegalArgumentException(
          "An origin and the time format \"" + as + "\" exclude one another");
    }
    Long unitMs = UNITS.get(unit);
    if (unitMs == null) {
      throw new IllegalArgumentException(
          "The unit \"" + unit + "\" is unknown: units are " + String.join(", ", UNITS.keySet()));
    }
    try {
      long originMs = Iso.ms(origin, times);
      return new Counted(unit + " since " + origin, originMs, unitMs * NS_PER_MS);
    } catch (BadTime none) {
      throw new IllegalArgumentException(
          "The origin \"" + origin + "\" is no instant such as 2026-01-31T00:00:00Z");
    }
  }

  /** Epoch milliseconds within the years 100 to 9999. Errors: {@link UnreadableValue}. */
  public final long read(Object value) {
    try {
      double epochMs = ms(value);
      if (epochMs >= EARLIEST_MS && epochMs <= LATEST_MS) return (long) epochMs;
      throw new BadTime("it is outside of the years 100 to 9999");
    } catch (BadTime bad) {
      throw new UnreadableValue("cannot be read as " + name + " (" + bad.getMessage() + ")");
    }
  }

  abstract double ms(Object value);

  /** A {@link String}, {@link Long} or {@link Double}. */
  public abstract Object write(long epochMs);

  private static final class Counted extends InstantFormat {
    private static final int MOST_DIGITS = 15;
    private static final double LARGEST_PLAIN = 1e21;

    private final long originMs;
    private final long unitNs;

    private Counted(String name, long originMs, long unitNs) {
      super(name);
      this.originMs = originMs;
      this.unitNs = unitNs;
    }

    @Override
    double ms(Object value) {
      return originMs + units(value);
    }

    private double units(Object value) {
      if (value instanceof Long whole) return ofWhole(whole);
      if (value instanceof String text && isDigits(text)) return ofWhole(Long.parseLong(text));
      if (value instanceof Double number
          && number == Math.rint(number)
          && Math.abs(number) < LARGEST_PLAIN) {
        throw new BadTime("it is a number past 2^53, whose last digits are lost");
      }
      Decimal decimal = Decimal.of(Numbers.numeral(value));
      if (decimal == null) throw new BadTime("it is no number");
      if (decimal.isShortened()) throw new BadTime("it lost digits to an exponent");
      return decimal.timesWhole(unitNs, NS_PER_MS);
    }

    private double ofWhole(long units) {
      if (unitNs >= NS_PER_MS) return units * (double) (unitNs / NS_PER_MS);
      return Math.floorDiv(units, NS_PER_MS / unitNs);
    }

    private static boolean isDigits(String text) {
      if (text.isEmpty() || text.length() > MOST_DIGITS) return false;
      for (int at = 0; at < text.length(); at++) {
        if (text.charAt(at) < '0' || text.charAt(at) > '9') return false;
      }
      return true;
    }

    @Override
    public Object write(long epochMs) {
      long since = epochMs - originMs;
      if (unitNs < NS_PER_MS) return since * (NS_PER_MS / unitNs);
      long unitMs = unitNs / NS_PER_MS;
      if (since % unitMs == 0) return since / unitMs;
      return (double) since / unitMs;
    }
  }

  private static final class ByPattern extends InstantFormat {
    private final DatePattern pattern;

    private ByPattern(String as, LocalTimes times) {
      super(as);
      this.pattern = new DatePattern(as, times);
    }

    @Override
    double ms(Object value) {
      String text = value instanceof String given ? Numbers.trimmed(given) : Numbers.numeral(value);
      if (text == null) throw new BadTime("it is no text");
      return pattern.read(text);
    }

    @Override
    public Object write(long epochMs) {
      return pattern.write(epochMs);
    }
  }

  private static final class Iso extends InstantFormat {
    private static final int LONGEST = 80;
    private static final Pattern EXTENDED =
        Pattern.compile(
            "([+-][0-9]{6}|[0-9]{4})-([0-9]{2})-([0-9]{2})(?:[Tt ]\\s*([0-9]{2})(?::?([0-9]{2})"
                + "(?::?([0-9]{2})(?:[.,]([0-9]+))?)?)?"
                + "\\s*(Z|z|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?)?");
    private static final Pattern BASIC =
        Pattern.compile(
            "([0-9]{4})([0-9]{2})([0-9]{2})[Tt]([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})"
                + "(?:[.,]([0-9]+))?)?)?(Z|z|[+-][0-9]{2}(?::?[0-9]{2})?)?");

    private final LocalTimes times;

    private Iso(LocalTimes times) {
      super("iso");
      this.times = times;
    }

    @Override
    double ms(Object value) {
      if (value instanceof String text) return ms(text, times);
      throw new BadTime("it is no text");
    }

    private static long ms(String given, LocalTimes times) {
      long quick = Instants.read(given);
      if (quick != Instants.NONE) return quick;
      String text = Numbers.trimmed(given);
      if (text.length() > LONGEST) throw new BadTime("it is longer than any date");
      Matcher found = EXTENDED.matcher(text);
      if (!found.matches()) found = BASIC.matcher(text);
      if (!found.matches()) throw new BadTime("it is not written as 2026-01-31T23:59:59Z");
      String fraction = found.group(7) == null ? "" : found.group(7);
      long local =
          LocalTimes.localMs(
              Integer.parseInt(found.group(1)),
              number(found.group(2)),
              number(found.group(3)),
              number(found.group(4)),
              number(found.group(5)),
              number(found.group(6)),
              number((fraction + "000").substring(0, 3)));
      String offset = found.group(8);
      return offset == null ? times.instant(local) : local - offsetMs(offset);
    }

    private static int number(String digits) {
      return digits == null ? 0 : Integer.parseInt(digits);
    }

    private static long offsetMs(String offset) {
      if (Character.isLetter(offset.charAt(0))) return 0;
      int hours = Integer.parseInt(offset.substring(1, 3));
      String rest = offset.substring(3).replace(":", "");
      int minutes = rest.isEmpty() ? 0 : Integer.parseInt(rest);
      if (hours > 18 || minutes > 59) throw new BadTime("there is no offset " + offset);
      return (offset.startsWith("-") ? -1 : 1) * (hours * 60 + minutes) * 60_000L;
    }

    @Override
    public Object write(long epochMs) {
      return Instants.write(epochMs);
    }
  }
}
