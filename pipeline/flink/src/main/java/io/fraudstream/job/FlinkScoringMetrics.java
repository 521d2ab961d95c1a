package io.fraudstream.job;

import io.fraudstream.scoring.ErrorKind;
import io.fraudstream.scoring.ScoringMetrics;
import java.util.EnumMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** The metrics of scoring, as Flink reports them. Written by the scorer's one thread. */
final class FlinkScoringMetrics implements ScoringMetrics {
  /** Requests over which the percentiles of latency are taken. */
  private static final int WINDOW = 10_000;

  private static final double MEDIAN = 0.5;
  private static final double HIGH = 0.99;

  private final Counter scored;
  private final Counter retries;
  private final Histogram latency;
  private final Counter rejected;
  private final Map<ErrorKind, Counter> byReason = new EnumMap<>(ErrorKind.class);

  FlinkScoringMetrics(MetricGroup group) {
    scored = group.counter("scored");
    retries = group.counter("retries");
    latency = group.histogram("endpointLatencyMs", new DescriptiveStatisticsHistogram(WINDOW));
    // CloudWatch takes no histograms.
    group.gauge("endpointLatencyP50Ms", () -> latency.getStatistics().getQuantile(MEDIAN));
    group.gauge("endpointLatencyP99Ms", () -> latency.getStatistics().getQuantile(HIGH));
    rejected = group.counter("rejected");
    for (ErrorKind kind : ErrorKind.values()) {
      byReason.put(kind, group.addGroup("Reason", kind.word()).counter("rejectedByReason"));
    }
  }

  @Override
  public void scored(long rows) {
    scored.inc(rows);
  }

  @Override
  public void failed(ErrorKind kind) {
    rejected.inc();
    byReason.get(kind).inc();
  }

  @Override
  public void retried() {
    retries.inc();
  }

  @Override
  public void answered(long latencyMs) {
    latency.update(latencyMs);
  }
}
