package io.fraudstream.scoring;

import java.util.Arrays;

/**
 * Stops requests to an endpoint of which more than half of the last ten seconds' failed, or the
 * last twenty, or all of two seconds.
 *
 * <p>Open, it lets nothing through; after a pause, twice as long each time, one probe decides.
 * Whoever is throttled or refused for a bad row is answered: only outages count. Units: instants
 * and spans in milliseconds of any clock that never goes back.
 */
final class Breaker {
  private static final long BUCKET_MS = 1_000;
  private static final int BUCKETS = 10;

  /** Fewer requests than this say nothing. */
  private static final int LEAST_REQUESTS = 10;

  /** So many outages in a row open it at once: a good minute before must not hide them. */
  private static final int ROW_TO_OPEN = 20;

  /** With few requests under way an outage shows by how long nothing else came. */
  private static final int LEAST_IN_ROW = 3;

  private static final long NOTHING_ELSE_MS = 2_000;
  private static final long FIRST_PAUSE_MS = 500;
  private static final long LONGEST_PAUSE_MS = 5_000;
  private static final long NEVER = Long.MIN_VALUE;

  private final long[] seconds = new long[BUCKETS];
  private final int[] requests = new int[BUCKETS];
  private final int[] outages = new int[BUCKETS];
  private long openedAt = NEVER;
  private long openUntil;
  private long pauseMs;
  private long openMs;
  private boolean isProbing;
  private int outagesInRow;
  private long firstInRowAt;

  boolean isOpen() {
    return openedAt != NEVER;
  }

  /** Milliseconds for which it has been open in all. */
  long openMs(long now) {
    return openMs + (isOpen() ? now - openedAt : 0);
  }

  /** True when a request may go; of an open breaker, one as a probe after each pause. */
  boolean lets(long now) {
    return !isOpen() || now >= openUntil && !isProbing;
  }

  /** When the next probe may go. */
  long openUntil() {
    return openUntil;
  }

  void sent() {
    if (isOpen()) isProbing = true;
  }

  /** What a request came to. While it is open only what was sent after the opening was a probe. */
  void answered(boolean wasOutage, long sentAt, long now) {
    if (!isOpen()) {
      count(wasOutage, now);
      if (outagesInRow == 0) firstInRowAt = now;
      outagesInRow = wasOutage ? outagesInRow + 1 : 0;
      if (wasOutage && isFailing(now)) open(now);
    } else if (sentAt >= openUntil) {
      isProbing = false;
      if (wasOutage) pause(Math.min(LONGEST_PAUSE_MS, pauseMs * 2), now);
      else close(now);
    }
  }

  private void open(long now) {
    openedAt = now;
    isProbing = false;
    pause(FIRST_PAUSE_MS, now);
  }

  private void pause(long ms, long now) {
    pauseMs = ms;
    openUntil = now + ms;
  }

  private void close(long now) {
    openMs += now - openedAt;
    openedAt = NEVER;
    outagesInRow = 0;
    Arrays.fill(seconds, -1);
  }

  private void count(boolean wasOutage, long now) {
    long second = now / BUCKET_MS;
    int bucket = (int) (second % BUCKETS);
    if (seconds[bucket] != second) {
      seconds[bucket] = second;
      requests[bucket] = 0;
      outages[bucket] = 0;
    }
    requests[bucket] += 1;
    if (wasOutage) outages[bucket] += 1;
  }

  private boolean isFailing(long now) {
    long oldest = now / BUCKET_MS - BUCKETS;
    int allRequests = 0;
    int allOutages = 0;
    for (int bucket = 0; bucket < BUCKETS; bucket++) {
      if (seconds[bucket] <= oldest) continue;
      allRequests += requests[bucket];
      allOutages += outages[bucket];
    }
    boolean isMost = allRequests >= LEAST_REQUESTS && allOutages * 2 > allRequests;
    boolean isAll = outagesInRow >= LEAST_IN_ROW && now - firstInRowAt >= NOTHING_ELSE_MS;
    return isMost || isAll || outagesInRow >= ROW_TO_OPEN;
  }
}
