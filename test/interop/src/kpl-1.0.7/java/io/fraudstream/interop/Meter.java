package io.fraudstream.interop;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Counts records and the processor time of this process; the first two fifths warm up. */
final class Meter {
  private final long warmUp;
  private final long all;
  private final CountDownLatch done = new CountDownLatch(1);
  private long seen;
  private long seenAtFirst;
  private long beganAt;
  private long cpuAtFirst;
  private String line;

  Meter(long all) {
    this.warmUp = all * 2 / 5;
    this.all = all;
  }

  synchronized void add(long records) {
    if (seen >= all) return;
    seen += records;
    if (beganAt == 0 && seen >= warmUp) {
      beganAt = System.nanoTime();
      cpuAtFirst = cpuNanos();
      seenAtFirst = seen;
    }
    if (seen < all) return;
    double seconds = (System.nanoTime() - beganAt) / 1e9;
    double cpuSeconds = (cpuNanos() - cpuAtFirst) / 1e9;
    double measured = seen - seenAtFirst;
    line = String.format(Locale.ROOT, "%.0f %.0f", measured / seconds, measured / cpuSeconds);
    done.countDown();
  }

  /** Records a second and records for each second of a processor, when all were seen. */
  String line() throws InterruptedException {
    done.await();
    return line;
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }
}
