package io.fraudstream.scoring;

/** Metrics that nobody reads. */
class SilentMetrics implements ScoringMetrics {
  @Override
  public void scored(long rows) {}

  @Override
  public void failed(ErrorKind kind) {}

  @Override
  public void retried() {}

  @Override
  public void answered(long latencyMs) {}
}
