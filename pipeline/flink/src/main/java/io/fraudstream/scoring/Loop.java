package io.fraudstream.scoring;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One thread on which everything of a scorer happens, so that it needs no locks, and its clock.
 * Tests run one with a clock of their own.
 */
public interface Loop extends AutoCloseable {
  /** Milliseconds of a clock that never goes back. */
  long now();

  void execute(Runnable task);

  void after(long ms, Runnable task);

  @Override
  void close();

  /** A loop on a thread of that name; tasks that come after its end are forgotten. */
  static Loop onThread(String name) {
    ScheduledThreadPoolExecutor thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread made = new Thread(task, name);
              made.setDaemon(true);
              return made;
            },
            (task, ended) -> {});
    return new Loop() {
      @Override
      public long now() {
        return System.nanoTime() / 1_000_000;
      }

      @Override
      public void execute(Runnable task) {
        thread.execute(task);
      }

      @Override
      public void after(long ms, Runnable task) {
        thread.schedule(task, ms, TimeUnit.MILLISECONDS);
      }

      @Override
      public void close() {
        thread.shutdownNow();
      }
    };
  }
}
