package io.fraudstream.bench;

import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.FilterFunction;

/** Counts what comes past and tells the rate; the first part warms up and does not count. */
final class Meter<T> implements FilterFunction<T> {
  private static final long serialVersionUID = 1;

  // All subtasks are in this process.
  private static final AtomicLong SEEN = new AtomicLong();
  private static volatile long beganAt;
  private static volatile long endedAt;

  private final long warmUp;
  private final long all;

  Meter(long warmUp, long all) {
    this.warmUp = warmUp;
    this.all = all;
    SEEN.set(0);
  }

  @Override
  public boolean filter(T value) {
    long seen = SEEN.incrementAndGet();
    if (seen == warmUp) beganAt = System.nanoTime();
    if (seen == all) endedAt = System.nanoTime();
    return false;
  }

  double perSecond() {
    return (all - warmUp) * 1e9 / (endedAt - beganAt);
  }
}
