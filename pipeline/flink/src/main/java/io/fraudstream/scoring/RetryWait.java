package io.fraudstream.scoring;

import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: at random up to a ceiling that doubles, at least as
 * long as the endpoint asked for. A wait beyond the deadline of a batch ends it at once.
 *
 * <p>Source: full jitter, AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
record RetryWait(DoubleSupplier random) {
  private static final long FIRST_CEILING_MS = 50;
  private static final long LAST_CEILING_MS = 2_000;

  /** Past this the ceiling is the last one. */
  private static final int MOST_DOUBLINGS = 6;

  long ms(int attempts, long askedMs) {
    long doubled = FIRST_CEILING_MS << Math.min(MOST_DOUBLINGS, attempts - 1);
    long ceilingMs = Math.min(LAST_CEILING_MS, doubled);
    long jitterMs = (long) (random.getAsDouble() * ceilingMs);
    return Math.max(askedMs, jitterMs);
  }
}
