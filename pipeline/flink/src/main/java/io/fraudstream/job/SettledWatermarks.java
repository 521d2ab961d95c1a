package io.fraudstream.job;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;

/**
 * Watermarks of a shard for those who wait for them: behind the newest event time by the
 * out-of-orderness, and never past what was the newest one delay ago (or one out-of-orderness, where
 * that is shorter).
 *
 * <p>Live, the first is the lower one. In a replay hours of event time pass in a second; where a
 * whole stream was idle, the shard that is read first would carry the watermark past what the
 * others are about to bring. Until Flink counts those as active again, they have the delay.
 *
 * <p>A transaction carries the newest event time on by a day at most.
 */
final class SettledWatermarks<T> implements WatermarkGenerator<T> {
  /**
   * As the state of the features does: one transaction of the far future must not end every order.
   */
  private static final long LONGEST_STEP_MS = Duration.ofDays(1).toMillis();

  private record Newest(long eventTime, long atNanos) {}

  private final RelativeClock clock;
  private final long outOfOrdernessMs;
  private final long waitNanos;
  private final Deque<Newest> unsettled = new ArrayDeque<>();
  private long newest = Long.MIN_VALUE;
  private long settled = Long.MIN_VALUE;

  /** By a clock that stands still while the shard is held up. */
  SettledWatermarks(RelativeClock clock, Duration outOfOrderness, Duration delay) {
    this.clock = clock;
    outOfOrdernessMs = outOfOrderness.toMillis();
    waitNanos = Math.min(outOfOrderness.toNanos(), delay.toNanos());
  }

  @Override
  public void onEvent(T event, long timestamp, WatermarkOutput output) {
    boolean isFirst = newest == Long.MIN_VALUE;
    newest = isFirst ? timestamp : Math.max(newest, Math.min(timestamp, newest + LONGEST_STEP_MS));
  }

  @Override
  public void onPeriodicEmit(WatermarkOutput output) {
    long now = clock.relativeTimeNanos();
    boolean isNewer = unsettled.isEmpty() ? newest > settled : newest > last().eventTime;
    if (isNewer) unsettled.add(new Newest(newest, now));
    while (!unsettled.isEmpty() && now - unsettled.peek().atNanos >= waitNanos) {
      settled = unsettled.poll().eventTime;
    }
    output.emitWatermark(new Watermark(watermark()));
  }

  private Newest last() {
    return unsettled.getLast();
  }

  /** No one promises that nothing comes at the very time of the newest. */
  private long watermark() {
    if (settled == Long.MIN_VALUE) return Long.MIN_VALUE;
    return Math.min(settled, newest - outOfOrdernessMs) - 1;
  }
}
