package io.fraudstream.job;

import java.util.Arrays;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * Per merchant: the times of reported frauds that wait for their event time, by the hour, so that
 * neither a label nor a transaction has to look at all of them.
 *
 * <p>Times are event times in epoch milliseconds.
 */
final class ReportsToCome {
  private static final long HOUR_MS = 3_600_000;

  private final MapState<Long, long[]> byHour;

  /** The first hour that has any; null without one. */
  private final ValueState<Long> firstHour;

  /** Where older jars kept all times of a merchant. */
  private final ValueState<long[]> ofOldJars;

  ReportsToCome(RuntimeContext context) {
    var hours = new MapStateDescriptor<>("reports-by-hour", Long.class, long[].class);
    hours.enableTimeToLive(Forgetting.ofFeatures());
    byHour = context.getMapState(hours);
    var first = new ValueStateDescriptor<>("reports-first-hour", Long.class);
    first.enableTimeToLive(Forgetting.ofFeatures());
    firstHour = context.getState(first);
    var times = new ValueStateDescriptor<>("reports-to-come", long[].class);
    times.enableTimeToLive(Forgetting.ofFeatures());
    ofOldJars = context.getState(times);
  }

  void add(long time) throws Exception {
    long hour = Math.floorDiv(time, HOUR_MS);
    long[] others = byHour.get(hour);
    long[] times = others == null ? new long[1] : Arrays.copyOf(others, others.length + 1);
    times[times.length - 1] = time;
    byHour.put(hour, times);
    Long first = firstHour.value();
    // Written anew each time, so that it is not forgotten before the hours are.
    firstHour.update(first == null ? hour : Math.min(hour, first));
  }

  /** How many of those that waited are not later than this; they wait no longer. */
  int takeUntil(double time) throws Exception {
    takeOver();
    int taken = 0;
    for (Long hour = firstHour.value(); hour != null; hour = firstHour.value()) {
      if (hour * (double) HOUR_MS > time) break;
      long[] times = byHour.get(hour);
      if (times == null) times = new long[0];
      long[] later = Arrays.stream(times).filter(one -> one > time).toArray();
      taken += times.length - later.length;
      if (later.length > 0) {
        if (later.length < times.length) byHour.put(hour, later);
        break;
      }
      byHour.remove(hour);
      toNextHour();
    }
    return taken;
  }

  private void toNextHour() throws Exception {
    Long next = null;
    for (Long hour : byHour.keys()) next = next == null ? hour : Math.min(next, hour);
    if (next == null) firstHour.clear();
    else firstHour.update(next);
  }

  private void takeOver() throws Exception {
    long[] times = ofOldJars.value();
    if (times == null) return;
    ofOldJars.clear();
    for (long time : times) add(time);
  }
}
