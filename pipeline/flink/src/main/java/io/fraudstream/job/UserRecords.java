package io.fraudstream.job;

import io.fraudstream.kpl.Deaggregated;
import io.fraudstream.kpl.Deaggregated.Aggregate;
import io.fraudstream.kpl.Deaggregated.Damaged;
import io.fraudstream.kpl.Deaggregator;
import java.util.Locale;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import software.amazon.awssdk.services.kinesis.model.Record;

/** Takes the user records out of those of Kinesis and counts them. Not for two threads at once. */
final class UserRecords {
  /** Hears of user records, in order, and of aggregates that are damaged. */
  interface Listener {
    /** {@code place} says where in the stream it stands. */
    void record(byte[] data, String place);

    void damaged(byte[] data, String reason);
  }

  private final Deaggregator deaggregator = new Deaggregator();
  private final Counter aggregates;
  private final Counter subRecords;
  private final Counter damagedAggregates;

  UserRecords(MetricGroup metrics) {
    aggregates = metrics.counter("kplAggregates");
    subRecords = metrics.counter("kplSubRecords");
    damagedAggregates = metrics.counter("kplDamagedAggregates");
  }

  void unpack(Record record, String shardId, Listener listener) {
    byte[] data = record.data().asByteArray();
    String place = shardId + " " + record.sequenceNumber();
    Deaggregated found = deaggregator.deaggregate(data);
    if (found instanceof Aggregate aggregate) {
      aggregates.inc();
      subRecords.inc(aggregate.records().size());
      for (int sub = 0; sub < aggregate.records().size(); sub++) {
        listener.record(aggregate.records().get(sub).data(), place + "/" + sub);
      }
    } else if (found instanceof Damaged damaged) {
      damagedAggregates.inc();
      String reason = damaged.reason().name().toLowerCase(Locale.ROOT);
      listener.damaged(data, "a damaged KPL aggregate (" + reason + ") at " + place);
    } else {
      listener.record(data, place);
    }
  }
}
