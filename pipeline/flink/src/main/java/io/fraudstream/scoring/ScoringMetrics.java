package io.fraudstream.scoring;

/** What a scorer tells of itself. */
public interface ScoringMetrics {
  void scored(long rows);

  void failed(ErrorKind kind);

  void retried();

  /** Milliseconds from a request to its answer. */
  void answered(long latencyMs);
}
