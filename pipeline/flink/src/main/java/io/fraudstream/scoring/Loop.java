package io.fraudstream.scoring;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread on which everything of a scorer happens, so that it needs no locks, and its clock.
 * Tests run one with a clock of their own.
 */
public interface Loop extends AutoCloseable {
  Logger LOG = LoggerFactory.getLogger(Loop.class);

  /** Milliseconds of a clock that never goes back. */
  long now();

  void execute(Runnable task);

  void after(long ms, Runnable task);

  @Override
  void close();

  /** The executor keeps what a task throws in a future that nobody looks at. */
  private static Runnable logged(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException bug) {
        LOG.error("A task of a scorer failed.", bug);
      }
    };
  }

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
        thread.execute(logged(task));
      }

      @Override
      public void after(long ms, Runnable task) {
        thread.schedule(logged(task), ms, TimeUnit.MILLISECONDS);
      }

      @Override
      public void close() {
        thread.shutdownNow();
      }
    };
  }
}
