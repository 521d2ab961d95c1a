package io.fraudstream.bench;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** Reports to the benchmark of this process what the counters of its job say. */
public final class BenchCounters implements MetricReporterFactory {
  private static final Map<String, List<Counter>> COUNTERS = new ConcurrentHashMap<>();

  public static Configuration configured() {
    Configuration configuration = new Configuration();
    String factory = BenchCounters.class.getName();
    configuration.setString("metrics.reporter.bench.factory.class", factory);
    return configuration;
  }

  /** The sum of all counters of that name. */
  public static long sum(String name) {
    return COUNTERS.getOrDefault(name, List.of()).stream().mapToLong(Counter::getCount).sum();
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
        if (!(metric instanceof Counter counter)) return;
        COUNTERS.computeIfAbsent(name, any -> new CopyOnWriteArrayList<>()).add(counter);
      }

      @Override
      public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
    };
  }
}
