package io.fraudstream.contract.values;

import io.fraudstream.contract.values.LocalTimes.BadTime;
import java.time.DayOfWeek;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Instants by a pattern such as {@code dd.MM.yyyy HH:mm}: the tokens of Luxon, but for those that
 * no date of a record has (weeks, quarters, eras, whole formats), which are refused.
 */
final class DatePattern {
  private static final Pattern TOKEN =
      Pattern.compile("'([^']*)'|([A-Za-z])\\2*|([^A-Za-z']+)", Pattern.DOTALL);

  private enum Field {
    YEAR,
    MONTH,
    DAY,
    HOUR,
    HOUR_OF_HALF,
    MINUTE,
    SECOND,
    MS,
    HALF,
    WEEKDAY,
    OFFSET
  }

  /** Tokens of digits alone: the field, and its least and most digits. */
  private record Digits(Field field, int least, int most) {}

  private static final Map<String, Digits> DIGITS = new HashMap<>();

  /** Tokens of words: the field, and the words in the order of their numbers. */
  private record Words(Field field, List<String> words) {}

  private static final Map<String, Words> WORDS = new HashMap<>();

  static {
    DIGITS.put("yyyy", new Digits(Field.YEAR, 4, 4));
    DIGITS.put("yy", new Digits(Field.YEAR, 2, 2));
    for (String letter : List.of("M", "L")) {
      DIGITS.put(letter + letter, new Digits(Field.MONTH, 2, 2));
      DIGITS.put(letter, new Digits(Field.MONTH, 1, 2));
    }
    DIGITS.put("dd", new Digits(Field.DAY, 2, 2));
    DIGITS.put("d", new Digits(Field.DAY, 1, 2));
    DIGITS.put("HH", new Digits(Field.HOUR, 2, 2));
    DIGITS.put("H", new Digits(Field.HOUR, 1, 2));
    DIGITS.put("hh", new Digits(Field.HOUR_OF_HALF, 2, 2));
    DIGITS.put("h", new Digits(Field.HOUR_OF_HALF, 1, 2));
    DIGITS.put("mm", new Digits(Field.MINUTE, 2, 2));
    DIGITS.put("m", new Digits(Field.MINUTE, 1, 2));
    DIGITS.put("ss", new Digits(Field.SECOND, 2, 2));
    DIGITS.put("s", new Digits(Field.SECOND, 1, 2));
    DIGITS.put("SSS", new Digits(Field.MS, 3, 3));
    DIGITS.put("S", new Digits(Field.MS, 1, 3));
    List<String> months = months(TextStyle.FULL);
    List<String> shortMonths = months(TextStyle.SHORT);
    WORDS.put("MMM", new Words(Field.MONTH, shortMonths));
    WORDS.put("LLL", new Words(Field.MONTH, shortMonths));
    WORDS.put("MMMM", new Words(Field.MONTH, months));
    WORDS.put("LLLL", new Words(Field.MONTH, months));
    WORDS.put("EEE", new Words(Field.WEEKDAY, weekdays(TextStyle.SHORT)));
    WORDS.put("EEEE", new Words(Field.WEEKDAY, weekdays(TextStyle.FULL)));
    WORDS.put("a", new Words(Field.HALF, List.of("AM", "PM")));
  }

  private static List<String> months(TextStyle style) {
    // Three letters each, as people write them.
    return Stream.of(Month.values())
        .map(month -> month.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
        .map(name -> style == TextStyle.FULL ? name : name.substring(0, 3))
        .toList();
  }

  private static List<String> weekdays(TextStyle style) {
    return Stream.of(DayOfWeek.values())
        .map(day -> day.getDisplayName(TextStyle.FULL, Locale.ENGLISH))
        .map(name -> style == TextStyle.FULL ? name : name.substring(0, 3))
        .toList();
  }

  /** Hours and minutes of an offset: with a colon, without, or hours alone. */
  private static final Map<String, Pattern> OFFSETS =
      Map.of(
          "Z", Pattern.compile("([+-])([0-9]{1,2})(?::([0-9]{2}))?"),
          "ZZ", Pattern.compile("([+-])([0-9]{2}):([0-9]{2})"),
          "ZZZ", Pattern.compile("([+-])([0-9]{2})([0-9]{2})"));

  private record Part(String token, String literal) {}

  private final String pattern;
  private final LocalTimes zone;
  private final List<Part> parts;
  private final boolean hasOffset;

  /**
   * Errors: {@link IllegalArgumentException} for a pattern that names no date, or has other tokens.
   */
  DatePattern(String pattern, LocalTimes zone) {
    this.pattern = pattern;
    this.zone = zone;
    this.parts = parts();
    Set<Field> fields = new HashSet<>();
    boolean isEndless = false;
    for (int at = 0; at < parts.size(); at++) {
      String token = parts.get(at).token;
      if (token == null) continue;
      if (!fields.add(field(token))) throw unknown("it has two tokens of one meaning");
      Digits digits = DIGITS.get(token);
      boolean isOpen = digits != null && digits.least != digits.most;
      boolean touches = at + 1 < parts.size() && parts.get(at + 1).token != null;
      isEndless |= isOpen && touches;
    }
    if (!fields.containsAll(List.of(Field.YEAR, Field.MONTH, Field.DAY))) {
      throw unknown("a date needs year, month and day");
    }
    if (isEndless) throw unknown("digits of no certain number need a sign behind them");
    if (fields.contains(Field.HALF) != fields.contains(Field.HOUR_OF_HALF)) {
      throw unknown("h and a stand together");
    }
    if (fields.contains(Field.HOUR) && fields.contains(Field.HOUR_OF_HALF)) {
      throw unknown("H and h exclude one another");
    }
    hasOffset = fields.contains(Field.OFFSET);
  }

  private List<Part> parts() {
    List<Part> found = new ArrayList<>();
    Matcher matcher = TOKEN.matcher(pattern);
    int end = 0;
    while (matcher.find()) {
      if (matcher.start() != end) throw unknown("it has an opening quote without a closing one");
      end = matcher.end();
      if (matcher.group(2) != null) found.add(new Part(matcher.group(), null));
      else found.add(new Part(null, matcher.group(1) == null ? matcher.group() : matcher.group(1)));
    }
    if (end != pattern.length()) throw unknown("it has an opening quote without a closing one");
    return found;
  }

  private Field field(String token) {
    if (DIGITS.containsKey(token)) return DIGITS.get(token).field;
    if (WORDS.containsKey(token)) return WORDS.get(token).field;
    if (OFFSETS.containsKey(token)) return Field.OFFSET;
    throw unknown("\"" + token + "\" is no token that the job knows");
  }

  private IllegalArgumentException unknown(String why) {
    return new IllegalArgumentException(
        "The time format \"%s\" is unknown (%s): write epoch-seconds, epoch-milliseconds, iso, or a"
                .formatted(pattern, why)
            + " pattern such as dd.MM.yyyy HH:mm");
  }

  /** Epoch milliseconds. Errors: {@link BadTime} for a text that is not of the pattern. */
  long read(String text) {
    int[] found = new int[Field.values().length];
    found[Field.MONTH.ordinal()] = 1;
    found[Field.DAY.ordinal()] = 1;
    int at = 0;
    for (Part part : parts) {
      if (part.token == null) {
        if (!text.startsWith(part.literal, at)) throw notWritten();
        at += part.literal.length();
      } else {
        at = readToken(part.token, text, at, found);
      }
    }
    if (at != text.length()) throw notWritten();
    int hour = found[Field.HOUR.ordinal()];
    if (parts.stream().anyMatch(part -> "h".equals(part.token) || "hh".equals(part.token))) {
      int half = found[Field.HOUR_OF_HALF.ordinal()];
      if (half < 1 || half > 12) throw new BadTime("there is no hour " + half);
      hour = half % 12 + 12 * found[Field.HALF.ordinal()];
    }
    long local =
        LocalTimes.localMs(
            found[Field.YEAR.ordinal()],
            found[Field.MONTH.ordinal()],
            found[Field.DAY.ordinal()],
            hour,
            found[Field.MINUTE.ordinal()],
            found[Field.SECOND.ordinal()],
            found[Field.MS.ordinal()]);
    return hasOffset ? local - found[Field.OFFSET.ordinal()] * 60_000L : zone.instant(local);
  }

  private BadTime notWritten() {
    return new BadTime("it is not written as " + pattern);
  }

  private int readToken(String token, String text, int at, int[] found) {
    Digits digits = DIGITS.get(token);
    if (digits != null) return readDigits(token, digits, text, at, found);
    Words words = WORDS.get(token);
    if (words != null) {
      for (int index = 0; index < words.words.size(); index++) {
        String word = words.words.get(index);
        if (!text.regionMatches(true, at, word, 0, word.length())) continue;
        found[words.field.ordinal()] = words.field == Field.HALF ? index : index + 1;
        return at + word.length();
      }
      throw notWritten();
    }
    Matcher offset = OFFSETS.get(token).matcher(text).region(at, text.length());
    if (!offset.lookingAt()) throw notWritten();
    int minutes = offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3));
    int all = Integer.parseInt(offset.group(2)) * 60 + minutes;
    found[Field.OFFSET.ordinal()] = offset.group(1).equals("-") ? -all : all;
    return offset.end();
  }

  /** The year from which two digits are of this century. Source: Luxon, twoDigitCutoffYear. */
  private static final int TWO_DIGIT_CUTOFF = 60;

  private int readDigits(String token, Digits digits, String text, int from, int[] found) {
    int at = from;
    int number = 0;
    while (at - from < digits.most && at < text.length()) {
      int digit = text.charAt(at) - '0';
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
      at += 1;
    }
    if (at - from < digits.least) throw notWritten();
    boolean isShort = token.equals("yy");
    found[digits.field.ordinal()] =
        isShort ? number + (number > TWO_DIGIT_CUTOFF ? 1900 : 2000) : number;
    return at;
  }

  String write(long epochMs) {
    LocalDateTime time = zone.shown(epochMs);
    ZoneOffset offset = zone.offsetAt(epochMs);
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      if (part.token == null) text.append(part.literal);
      else append(text, part.token, time, offset);
    }
    return text.toString();
  }

  private static void append(
      StringBuilder text, String token, LocalDateTime time, ZoneOffset offset) {
    Words words = WORDS.get(token);
    if (words != null) {
      int index =
          switch (words.field) {
            case MONTH -> time.getMonthValue() - 1;
            case WEEKDAY -> time.getDayOfWeek().getValue() - 1;
            default -> time.getHour() / 12;
          };
      text.append(words.words.get(index));
      return;
    }
    Digits digits = DIGITS.get(token);
    if (digits == null) {
      int minutes = Math.abs(offset.getTotalSeconds() / 60);
      text.append(offset.getTotalSeconds() < 0 ? '-' : '+');
      if (token.equals("Z")) text.append(minutes / 60);
      else appendPadded(text, minutes / 60, 2);
      if (token.equals("Z") && minutes % 60 == 0) return;
      if (!token.equals("ZZZ")) text.append(':');
      appendPadded(text, minutes % 60, 2);
      return;
    }
    int number =
        switch (digits.field) {
          case YEAR -> token.equals("yy") ? time.getYear() % 100 : time.getYear();
          case MONTH -> time.getMonthValue();
          case DAY -> time.getDayOfMonth();
          case HOUR -> time.getHour();
          case HOUR_OF_HALF -> (time.getHour() + 11) % 12 + 1;
          case MINUTE -> time.getMinute();
          case SECOND -> time.getSecond();
          default -> time.getNano() / 1_000_000;
        };
    appendPadded(text, number, digits.least);
  }

  private static void appendPadded(StringBuilder text, int number, int width) {
    String digits = Integer.toString(number);
    for (int at = digits.length(); at < width; at++) text.append('0');
    text.append(digits);
  }
}
