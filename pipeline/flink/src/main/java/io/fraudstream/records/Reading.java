package io.fraudstream.records;

/** A record, or the reason why bytes are none: exactly one of the two is not null. */
public record Reading<T>(T record, Problem problem) {
  static <T> Reading<T> of(T record) {
    return new Reading<>(record, null);
  }

  public static <T> Reading<T> none(Problem problem) {
    return new Reading<>(null, problem);
  }
}
