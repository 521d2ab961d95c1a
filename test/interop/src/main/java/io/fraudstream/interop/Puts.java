package io.fraudstream.interop;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;

/**
 * One run of a KPL.
 *
 * <p>Arguments: {@code kinesis-port sts-port stream records bytes records-a-second}, a rate of 0
 * for as fast as can be. Prints {@code acknowledged failed seconds cpu-seconds p50-ms p99-ms}, the
 * processor time with that of the native process, latencies from a put to its result. Warm-up is
 * left out: the first tenth is not measured.
 */
final class Puts {
  static final long TTL_MS = 60_000;

  /** The KPL does not hold back: whoever uses it must. */
  private static final int MOST_OUTSTANDING = 10_000;

  interface Put {
    void put(int number, String key, String hashKey, ByteBuffer data);
  }

  private final int kinesisPort;
  private final int stsPort;
  private final String stream;
  private final int count;
  private final int bytes;
  private final double rate;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final AtomicInteger failed = new AtomicInteger();
  private final CountDownLatch open;
  private final long[] nanos;

  Puts(String[] arguments) {
    kinesisPort = Integer.parseInt(arguments[0]);
    stsPort = Integer.parseInt(arguments[1]);
    stream = arguments[2];
    count = Integer.parseInt(arguments[3]);
    bytes = Integer.parseInt(arguments[4]);
    rate = Double.parseDouble(arguments[5]);
    open = new CountDownLatch(count);
    nanos = new long[count];
  }

  int kinesisPort() {
    return kinesisPort;
  }

  int stsPort() {
    return stsPort;
  }

  String stream() {
    return stream;
  }

  /** Once for each record. */
  void ended(int number, boolean isAcknowledged) {
    nanos[number] = System.nanoTime() - nanos[number];
    (isAcknowledged ? acknowledged : failed).incrementAndGet();
    open.countDown();
  }

  void all(IntSupplier outstanding, Put put) throws InterruptedException {
    int warmUp = count / 10;
    long beganAt = System.nanoTime();
    double cpuAtFirst = cpuSeconds();
    for (int number = 0; number < count; number++) {
      if (number == warmUp) {
        beganAt = System.nanoTime();
        cpuAtFirst = cpuSeconds();
      }
      while (outstanding.getAsInt() >= MOST_OUTSTANDING) Thread.sleep(1);
      if (rate > 0) waitFor(beganAt + (long) ((number - warmUp) / rate * 1e9));
      nanos[number] = System.nanoTime();
      put.put(
          number,
          TestRecords.key(number),
          TestRecords.hashKey(number),
          TestRecords.data(number, bytes));
    }
    open.await();
    double seconds = (System.nanoTime() - beganAt) / 1e9;
    double cpuSeconds = cpuSeconds() - cpuAtFirst;
    long[] measured = Arrays.copyOfRange(nanos, warmUp, count);
    Arrays.sort(measured);
    System.out.println(
        String.format(
            Locale.ROOT,
            "%d %d %.3f %.3f %.3f %.3f",
            acknowledged.get(),
            failed.get(),
            seconds,
            cpuSeconds,
            measured[measured.length / 2] / 1e6,
            measured[measured.length * 99 / 100] / 1e6));
  }

  private static void waitFor(long instant) throws InterruptedException {
    long ms = (instant - System.nanoTime()) / 1_000_000;
    if (ms > 0) Thread.sleep(ms);
  }

  private static double cpuSeconds() {
    ProcessHandle self = ProcessHandle.current();
    return seconds(self) + self.children().mapToDouble(Puts::seconds).sum();
  }

  private static double seconds(ProcessHandle process) {
    return process.info().totalCpuDuration().orElse(Duration.ZERO).toMillis() / 1e3;
  }
}
