package io.fraudstream.scoring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Rows that were never sent, and batches that are to be sent again, which come first. */
final class WaitingRows {
  private final int batchRows;
  private final long lingerMs;
  private final Deque<Row> fresh = new ArrayDeque<>();
  private final Deque<List<Row>> again = new ArrayDeque<>();

  WaitingRows(int batchRows, long lingerMs) {
    this.batchRows = batchRows;
    this.lingerMs = lingerMs;
  }

  void add(Row row) {
    fresh.add(row);
  }

  void addAgain(List<Row> batch) {
    again.add(batch);
  }

  boolean isEmpty() {
    return fresh.isEmpty() && again.isEmpty();
  }

  /**
   * How long the fresh rows still wait for others to share a request with; 0 when a batch is due.
   */
  long lingersMs(long now) {
    if (!again.isEmpty() || fresh.size() >= batchRows) return 0;
    return Math.max(0, fresh.peek().enteredAt + lingerMs - now);
  }

  /**
   * Takes the next batch.
   *
   * @param isProbe a fresh row makes the better probe: what failed before may be to blame itself
   */
  List<Row> take(boolean isProbe) {
    boolean isFreshWanted = isProbe && !fresh.isEmpty();
    if (!again.isEmpty() && !isFreshWanted) return again.poll();
    List<Row> batch = new ArrayList<>(Math.min(fresh.size(), batchRows));
    while (batch.size() < batchRows && !fresh.isEmpty()) batch.add(fresh.poll());
    return batch;
  }

  /** Takes out all that satisfy; each is handed on. */
  void takeOut(Predicate<Row> wanted, Consumer<Row> to) {
    fresh.removeIf(row -> isHanded(row, wanted, to));
    again.forEach(batch -> batch.removeIf(row -> isHanded(row, wanted, to)));
    again.removeIf(List::isEmpty);
  }

  private static boolean isHanded(Row row, Predicate<Row> wanted, Consumer<Row> to) {
    if (!wanted.test(row)) return false;
    to.accept(row);
    return true;
  }
}
