package io.fraudstream.bench;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Reports to the benchmark of this process how many transactions were scored. */
public final class ScoredCounterFactory implements MetricReporterFactory {
  private static final List<Counter> COUNTERS = new CopyOnWriteArrayList<>();

  public static Configuration configured() {
    Configuration configuration = new Configuration();
    String factory = ScoredCounterFactory.class.getName();
    configuration.setString("metrics.reporter.scored.factory.class", factory);
    return configuration;
  }

  public static long scored() {
    return COUNTERS.stream().mapToLong(Counter::getCount).sum();
  }

  @Override
  public MetricReporter createMetricReporter(Properties properties) {
    return new MetricReporter() {
      @Override
      public void open(MetricConfig config) {}

      @Override
      public void close() {}

      @Override
      public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (name.equals("scored") && metric instanceof Counter counter) COUNTERS.add(counter);
      }

      @Override
      public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
    };
  }
}
