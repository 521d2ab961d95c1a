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

  private final Counter scored;
  private final Counter retries;
  private final Histogram latency;
  private final Map<ErrorKind, Counter> rejected = new EnumMap<>(ErrorKind.class);

  FlinkScoringMetrics(MetricGroup group) {
    scored = group.counter("scored");
    retries = group.counter("retries");
    latency = group.histogram("endpointLatencyMs", new DescriptiveStatisticsHistogram(WINDOW));
    MetricGroup byReason = group.addGroup("rejected");
    for (ErrorKind kind : ErrorKind.values()) rejected.put(kind, byReason.counter(kind.word()));
  }

  @Override
  public void scored(long rows) {
    scored.inc(rows);
  }

  @Override
  public void failed(ErrorKind kind) {
    rejected.get(kind).inc();
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
