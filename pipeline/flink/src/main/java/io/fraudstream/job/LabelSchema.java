package io.fraudstream.job;

import io.fraudstream.records.Label;
import io.fraudstream.records.LabelReader;
import io.fraudstream.records.Reading;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kinesis.source.serialization.KinesisDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads the records of the stream of labels: reported frauds that name their merchant.
 *
 * <p>Others teach nothing and are left out; what is no label is counted as {@code badLabels}.
 */
final class LabelSchema implements KinesisDeserializationSchema<Label> {
  private static final long serialVersionUID = 1;

  private transient UserRecords userRecords;
  private transient Counter badLabels;

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    userRecords = new UserRecords(context.getMetricGroup());
    badLabels = context.getMetricGroup().counter("badLabels");
  }

  @Override
  public void deserialize(Record record, String stream, String shardId, Collector<Label> output) {
    userRecords.unpack(record, shardId, new Labels(output, badLabels));
  }

  @Override
  public TypeInformation<Label> getProducedType() {
    return TypeInformation.of(Label.class);
  }

  private record Labels(Collector<Label> output, Counter badLabels)
      implements UserRecords.Listener {
    @Override
    public void record(byte[] data, String place) {
      Reading<Label> reading = LabelReader.read(data);
      Label label = reading.record();
      if (reading.problem() != null) badLabels.inc();
      else if (label.isFraud && label.merchantId != null) output.collect(label);
    }

    @Override
    public void damaged(byte[] data, String reason) {
      badLabels.inc();
    }
  }
}
