package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.PublishedMetrics;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/** What a reader tells of its reading. Written by its fetcher thread. */
final class ReadMetrics {
  private final MetricGroup group;
  private final Counter bytesIn;
  private final Counter reads;
  private final Counter recordsRead;
  private final Counter bytesRead;
  private final Counter throttledReads;
  private final Counter readRetries;
  private final Counter expiredIterators;
  private final Map<String, Long> behind = new ConcurrentHashMap<>();

  ReadMetrics(SourceReaderMetricGroup metrics) {
    group = PublishedMetrics.of(metrics);
    bytesIn = metrics.getIOMetricGroup().getNumBytesInCounter();
    reads = group.counter("reads");
    recordsRead = group.counter("kinesisRecordsRead");
    bytesRead = group.counter("bytesRead");
    throttledReads = group.counter("throttledReads");
    readRetries = group.counter("readRetries");
    expiredIterators = group.counter("expiredIterators");
    group.gauge("shards", behind::size);
    group.gauge("millisBehindLatest", this::millisBehindLatest);
  }

  /** Of the shard that is furthest behind; 0 where this reader has none. */
  private long millisBehindLatest() {
    return behind.values().stream().mapToLong(Long::longValue).max().orElse(0);
  }

  void read(String shardId, int records, long bytes, Long millisBehindLatest) {
    reads.inc();
    recordsRead.inc(records);
    bytesRead.inc(bytes);
    bytesIn.inc(bytes);
    if (millisBehindLatest != null) behind.put(shardId, millisBehindLatest);
  }

  void throttled() {
    throttledReads.inc();
  }

  void retried() {
    readRetries.inc();
  }

  void expired() {
    expiredIterators.inc();
  }

  void forget(String shardId) {
    behind.remove(shardId);
  }
}
