package io.fraudstream.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Waits for a count and says how fast it grew; the first two fifths warm up. */
public final class CpuMeter {
  private static final long POLL_MS = 5;

  private CpuMeter() {}

  /** {@code a second} and {@code each second of a processor}, when the count has come to all. */
  public static String line(LongSupplier counted, long all) throws InterruptedException {
    until(counted, all * 2 / 5);
    long atFirst = counted.getAsLong();
    long beganAt = System.nanoTime();
    long cpuAtFirst = cpuNanos();
    until(counted, all);
    double count = counted.getAsLong() - atFirst;
    double cpuSeconds = (cpuNanos() - cpuAtFirst) / 1e9;
    double seconds = (System.nanoTime() - beganAt) / 1e9;
    return String.format(Locale.ROOT, "%.0f %.0f", count / seconds, count / cpuSeconds);
  }

  private static void until(LongSupplier counted, long count) throws InterruptedException {
    while (counted.getAsLong() < count) Thread.sleep(POLL_MS);
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
