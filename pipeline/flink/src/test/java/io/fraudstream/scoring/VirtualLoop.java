package io.fraudstream.scoring;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A loop whose time goes on only when it is told to: what takes an hour takes no time. */
public final class VirtualLoop implements Loop {
  private record Task(long at, long number, Runnable run) {}

  private final List<Task> tasks = new ArrayList<>();
  private long now = 1_000_000;
  private long number;

  @Override
  public long now() {
    return now;
  }

  @Override
  public void execute(Runnable task) {
    after(0, task);
  }

  @Override
  public void after(long ms, Runnable task) {
    tasks.add(new Task(now + ms, number++, task));
  }

  /** Runs all that is due until so many milliseconds have passed. */
  public void run(long ms) {
    long end = now + ms;
    while (true) {
      Task next =
          tasks.stream()
              .min(Comparator.comparingLong(Task::at).thenComparingLong(Task::number))
              .orElse(null);
      if (next == null || next.at > end) break;
      tasks.remove(next);
      now = next.at;
      next.run.run();
    }
    now = end;
  }

  @Override
  public void close() {
    tasks.clear();
  }
}
