package io.fraudstream.kinesis;

import org.apache.flink.metrics.MetricGroup;

/** Where Managed Service for Apache Flink looks for the metrics that it sends to CloudWatch. */
public final class PublishedMetrics {
  /** Source: Managed Service for Apache Flink, "Use custom metrics". */
  private static final String GROUP = "kinesisanalytics";

  private PublishedMetrics() {}

  public static MetricGroup of(MetricGroup group) {
    return group.addGroup(GROUP);
  }
}
