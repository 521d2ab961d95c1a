package io.fraudstream.kinesis.sink;

import io.fraudstream.kinesis.PublishedMetrics;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;

/** What a sink tells of its writing. Written by threads of the client. */
final class WriteMetrics {
  private final Counter userRecordsPut;
  private final Counter kinesisRecordsPut;
  private final Counter bytesPut;
  private final Counter throttledPuts;
  private final Counter putRetries;
  private final Counter putsToOtherShard;
  private final Counter refusedRecords;
  private final Counter droppedRecords;

  WriteMetrics(MetricGroup metrics) {
    MetricGroup group = PublishedMetrics.of(metrics);
    userRecordsPut = counter(group, "userRecordsPut");
    kinesisRecordsPut = counter(group, "kinesisRecordsPut");
    bytesPut = counter(group, "bytesPut");
    throttledPuts = counter(group, "throttledPuts");
    putRetries = counter(group, "putRetries");
    putsToOtherShard = counter(group, "putsToOtherShard");
    refusedRecords = counter(group, "refusedRecords");
    droppedRecords = counter(group, "droppedRecords");
  }

  private static Counter counter(MetricGroup group, String name) {
    return group.counter(name, new ThreadSafeSimpleCounter());
  }

  void put(PackedRecord record) {
    kinesisRecordsPut.inc();
    userRecordsPut.inc(record.indexes().length);
    bytesPut.inc(record.sizeBytes());
  }

  void throttled() {
    throttledPuts.inc();
  }

  void retried() {
    putRetries.inc();
  }

  void toOtherShard() {
    putsToOtherShard.inc();
  }

  void refused() {
    refusedRecords.inc();
  }

  void dropped() {
    droppedRecords.inc();
  }
}
