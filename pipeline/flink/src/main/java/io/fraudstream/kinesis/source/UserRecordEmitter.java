package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.kpl.Deaggregated;
import io.fraudstream.kpl.Deaggregated.Aggregate;
import io.fraudstream.kpl.Deaggregated.Damaged;
import io.fraudstream.kpl.Deaggregator;
import java.util.Locale;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Emits the user records of a Kinesis record, all of them within one call, so that no checkpoint
 * falls inside of an aggregate and positions need no sub-sequence numbers.
 */
final class UserRecordEmitter<T> implements RecordEmitter<Record, T, ShardProgress> {
  private final UserRecordDeserializer<T> deserializer;
  private final Deaggregator deaggregator = new Deaggregator();
  private final Output<T> output = new Output<>();
  private final Counter aggregates;
  private final Counter subRecords;
  private final Counter damagedAggregates;

  UserRecordEmitter(UserRecordDeserializer<T> deserializer, MetricGroup metrics) {
    this.deserializer = deserializer;
    MetricGroup published = PublishedMetrics.of(metrics);
    aggregates = published.counter("kplAggregates");
    subRecords = published.counter("kplSubRecords");
    damagedAggregates = published.counter("kplDamagedAggregates");
    deserializer.open(published);
  }

  @Override
  public void emitRecord(Record record, SourceOutput<T> to, ShardProgress shard) {
    output.to = to;
    output.arrivedAt = record.approximateArrivalTimestamp().toEpochMilli();
    byte[] data = record.data().asByteArrayUnsafe();
    String location = shard.shardId() + " " + record.sequenceNumber();
    Deaggregated found = deaggregator.deaggregate(data);
    if (found instanceof Aggregate aggregate) {
      aggregates.inc();
      subRecords.inc(aggregate.records().size());
      for (int sub = 0; sub < aggregate.records().size(); sub++) {
        deserializer.deserialize(aggregate.records().get(sub).data(), location + "/" + sub, output);
      }
    } else if (found instanceof Damaged damaged) {
      damagedAggregates.inc();
      String reason = damaged.reason().name().toLowerCase(Locale.ROOT);
      deserializer.damaged(data, "a damaged KPL aggregate (" + reason + ") at " + location, output);
    } else {
      deserializer.deserialize(data, location, output);
    }
    shard.passed(record.sequenceNumber());
  }

  /** Stamps what is collected with the arrival of its Kinesis record. */
  private static final class Output<T> implements Collector<T> {
    private SourceOutput<T> to;
    private long arrivedAt;

    @Override
    public void collect(T element) {
      to.collect(element, arrivedAt);
    }

    @Override
    public void close() {
      // The output is Flink's.
    }
  }
}
