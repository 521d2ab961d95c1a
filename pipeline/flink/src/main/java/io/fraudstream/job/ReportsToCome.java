package io.fraudstream.job;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * Per merchant: the reported frauds that wait for their event time, by the hour, so that neither a
 * label nor a transaction has to look at all of them.
 *
 * <p>Times are event times in epoch milliseconds.
 */
final class ReportsToCome {
  private static final long HOUR_MS = 3_600_000;
  private static final int WIDTH = 2;

  /** A report: when, and the key of the terminal; 0 for none. */
  record Report(double time, double terminal) {}

  /** Pairs of time and terminal. */
  private final MapState<Long, double[]> byHour;

  /** The first hour that has any; null without one. */
  private final ValueState<Long> firstHour;

  ReportsToCome(RuntimeContext context) {
    var hours = new MapStateDescriptor<>("reports-by-hour", Long.class, double[].class);
    hours.enableTimeToLive(Forgetting.ofFeatures());
    byHour = context.getMapState(hours);
    var first = new ValueStateDescriptor<>("reports-first-hour", Long.class);
    first.enableTimeToLive(Forgetting.ofFeatures());
    firstHour = context.getState(first);
  }

  void add(Report report) throws Exception {
    long hour = Math.floorDiv((long) report.time, HOUR_MS);
    double[] others = byHour.get(hour);
    if (others == null) others = new double[0];
    double[] all = Arrays.copyOf(others, others.length + WIDTH);
    all[all.length - WIDTH] = report.time;
    all[all.length - 1] = report.terminal;
    byHour.put(hour, all);
    Long first = firstHour.value();
    // Written anew each time, so that it is not forgotten before the hours are.
    firstHour.update(first == null ? hour : Math.min(hour, first));
  }

  /** Those that waited and are not later than this, by their times; they wait no longer. */
  List<Report> takeUntil(double time) throws Exception {
    List<Report> taken = new ArrayList<>();
    for (Long hour = firstHour.value(); hour != null; hour = firstHour.value()) {
      if (hour * (double) HOUR_MS > time) break;
      double[] reports = byHour.get(hour);
      if (reports == null) reports = new double[0];
      double[] later = later(reports, time, taken);
      if (later.length > 0) {
        if (later.length < reports.length) byHour.put(hour, later);
        break;
      }
      byHour.remove(hour);
      toNextHour();
    }
    taken.sort(Comparator.comparingDouble(Report::time));
    return taken;
  }

  /** Those that are later; the others go to {@code taken}. */
  private static double[] later(double[] reports, double time, List<Report> taken) {
    double[] later = new double[reports.length];
    int kept = 0;
    for (int at = 0; at < reports.length; at += WIDTH) {
      if (reports[at] > time) {
        later[kept++] = reports[at];
        later[kept++] = reports[at + 1];
      } else {
        taken.add(new Report(reports[at], reports[at + 1]));
      }
    }
    return Arrays.copyOf(later, kept);
  }

  private void toNextHour() throws Exception {
    Long next = null;
    for (Long hour : byHour.keys()) next = next == null ? hour : Math.min(next, hour);
    if (next == null) firstHour.clear();
    else firstHour.update(next);
  }
}
