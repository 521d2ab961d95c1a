package io.fraudstream.scoring;

/**
 * Lets refused batches be taken apart while rows get through at all.
 *
 * <p>Finding one bad row among n takes up to 2 log2(n) requests; where every row is refused,
 * because the request itself is wrong, that would double the load for nothing.
 */
final class SplitBudget {
  private static final int RESERVE = 256;
  private static final int EARNED_PER_ROW = 4;
  private static final int MOST_SAVED = 100_000;

  private int tokens = RESERVE;

  void earn(int rows) {
    tokens = Math.min(MOST_SAVED, tokens + rows * EARNED_PER_ROW);
  }

  boolean take() {
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  }
}
