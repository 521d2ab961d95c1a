package io.fraudstream.job;

import io.fraudstream.records.Reading;
import io.fraudstream.records.Rejection;
import io.fraudstream.records.Transaction;
import io.fraudstream.records.TransactionReader;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kinesis.source.serialization.KinesisDeserializationSchema;
import org.apache.flink.util.Collector;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads the records of the stream of transactions: each user record becomes an arrival.
 *
 * <p>The connector takes no KPL aggregates apart, so this does. It never throws: one bad record
 * must not restart the job for ever.
 */
final class ArrivalSchema implements KinesisDeserializationSchema<Arrival> {
  private static final long serialVersionUID = 1;

  private transient UserRecords userRecords;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    userRecords = new UserRecords(context.getMetricGroup());
  }

  @Override
  public void deserialize(Record record, String stream, String shardId, Collector<Arrival> output) {
    userRecords.unpack(record, shardId, new Arrivals(output));
  }

  @Override
  public TypeInformation<Arrival> getProducedType() {
    return TypeInformation.of(Arrival.class);
  }

  private record Arrivals(Collector<Arrival> output) implements UserRecords.Listener {
    @Override
    public void record(byte[] data, String place) {
      Reading<Transaction> reading = TransactionReader.read(data);
      if (reading.problem() == null) output.collect(Arrival.of(reading.record()));
      else damaged(data, reading.problem() + " at " + place);
    }

    @Override
    public void damaged(byte[] data, String reason) {
      long now = System.currentTimeMillis();
      output.collect(Arrival.of(Rejection.unreadable(data, reason, now)));
    }
  }
}
