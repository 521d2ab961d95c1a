package io.fraudstream.scoring;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
      // The executor's own queue is a heap behind a lock, and would be woken for each transaction.
      private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
      private final AtomicBoolean isWoken = new AtomicBoolean();

      @Override
      public long now() {
        return System.nanoTime() / 1_000_000;
      }

      @Override
      public void execute(Runnable task) {
        tasks.add(task);
        if (isWoken.compareAndSet(false, true)) thread.execute(this::runAll);
      }

      private void runAll() {
        isWoken.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) logged(task).run();
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
