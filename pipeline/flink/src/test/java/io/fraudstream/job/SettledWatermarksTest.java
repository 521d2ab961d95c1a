package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.ManualClock;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SettledWatermarksTest {
  private static final long HOUR = 3_600_000;

  private final ManualClock clock = new ManualClock();
  private long emitted;
  private final WatermarkOutput output =
      new WatermarkOutput() {
        @Override
        public void emitWatermark(Watermark watermark) {
          emitted = watermark.getTimestamp();
        }

        @Override
        public void markIdle() {}

        @Override
        public void markActive() {}
      };

  private SettledWatermarks<String> watermarks(Duration outOfOrderness) {
    return new SettledWatermarks<>(clock, outOfOrderness, Duration.ofSeconds(2));
  }

  private long after(long ms, SettledWatermarks<String> watermarks) {
    clock.advanceTime(Duration.ofMillis(ms));
    watermarks.onPeriodicEmit(output);
    return emitted;
  }

  @Test
  @DisplayName("live, watermarks lie behind the newest event time by the out-of-orderness")
  void live() {
    var watermarks = watermarks(Duration.ofSeconds(5));
    for (long time = 100_000; time <= 110_000; time += 50) {
      watermarks.onEvent("", time, output);
      after(50, watermarks);
    }
    assertEquals(104_999, emitted);
  }

  @Test
  @DisplayName("in a replay they say what was the newest event time two seconds ago")
  void replay() {
    var watermarks = watermarks(Duration.ofSeconds(5));
    assertEquals(Long.MIN_VALUE, after(0, watermarks));
    watermarks.onEvent("", 10 * HOUR, output);
    assertEquals(Long.MIN_VALUE, after(50, watermarks));
    watermarks.onEvent("", 11 * HOUR, output);
    watermarks.onEvent("", 10 * HOUR + 1, output);
    assertEquals(Long.MIN_VALUE, after(1_000, watermarks));
    assertEquals(10 * HOUR - 1, after(1_000, watermarks));
    assertEquals(11 * HOUR - 5_001, after(1_000, watermarks));
    assertEquals(11 * HOUR - 5_001, after(60_000, watermarks));
    watermarks.onEvent("", 20 * HOUR, output);
    assertEquals(11 * HOUR - 1, after(50, watermarks));
  }

  @Test
  @DisplayName("what may not be out of order is not waited for")
  void inOrder() {
    var watermarks = watermarks(Duration.ZERO);
    watermarks.onEvent("", HOUR, output);
    assertEquals(HOUR - 1, after(50, watermarks));
  }

  @Test
  @DisplayName(
      "a transaction of the far future carries them on by a day, and the next ones go on from there")
  void farFuture() {
    var watermarks = watermarks(Duration.ZERO);
    watermarks.onEvent("", 10 * HOUR, output);
    watermarks.onEvent("", 300_000 * HOUR, output);
    watermarks.onEvent("", 11 * HOUR, output);
    assertEquals(34 * HOUR - 1, after(50, watermarks));
    watermarks.onEvent("", 35 * HOUR, output);
    assertEquals(35 * HOUR - 1, after(50, watermarks));
  }
}
