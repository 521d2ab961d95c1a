package io.fraudstream.scoring;

/**
 * What became of one transaction: a score, or the reason why there is none ({@code error} not
 * null).
 *
 * <p>{@code attempts} counts requests that carried it. Units: {@code settledAt} epoch milliseconds.
 * Public fields and an empty constructor: Flink's POJO.
 */
public class Outcome {
  public Candidate candidate;
  public double score;
  public String modelVersion;
  public String error;
  public String reason;
  public int attempts;
  public long settledAt;

  static Outcome scored(Candidate candidate, double score, String modelVersion, int attempts) {
    Outcome outcome = new Outcome();
    outcome.candidate = candidate;
    outcome.score = score;
    outcome.modelVersion = modelVersion.isEmpty() ? null : modelVersion;
    outcome.attempts = attempts;
    outcome.settledAt = System.currentTimeMillis();
    return outcome;
  }

  static Outcome failed(Candidate candidate, ErrorKind kind, String reason, int attempts) {
    Outcome outcome = scored(candidate, Double.NaN, "", attempts);
    outcome.error = kind.word();
    outcome.reason = reason;
    return outcome;
  }

  /** Given up by whoever waited for the scorer. */
  public static Outcome timedOut(Candidate candidate) {
    return failed(candidate, ErrorKind.TIMEOUT, "no outcome in time", 0);
  }
}
