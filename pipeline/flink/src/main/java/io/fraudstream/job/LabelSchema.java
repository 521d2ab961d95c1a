package io.fraudstream.job;

import io.fraudstream.kinesis.source.UserRecordDeserializer;
import io.fraudstream.records.Instants;
import io.fraudstream.records.Label;
import io.fraudstream.records.LabelReader;
import io.fraudstream.records.Reading;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;

/**
 * Reads the records of the stream of labels: frauds with the time of their report that name their
 * merchant or their terminal.
 *
 * <p>Others teach nothing and are left out; what is no label is counted as {@code badLabels}.
 */
final class LabelSchema implements UserRecordDeserializer<Label> {
  private static final long serialVersionUID = 1;

  private transient Counter badLabels;

  @Override
  public void open(MetricGroup metrics) {
    badLabels = metrics.counter("badLabels");
  }

  @Override
  public void deserialize(byte[] data, String location, Collector<Label> out) {
    Reading<Label> reading = LabelReader.read(data);
    Label label = reading.record();
    if (reading.problem() != null) badLabels.inc();
    else if (teaches(label)) out.collect(label);
  }

  private static boolean teaches(Label label) {
    boolean hasNames = label.merchantId != null || label.terminalId != null;
    return label.isFraud && label.reportedAtMs != Instants.NONE && hasNames;
  }

  @Override
  public void damaged(byte[] data, String reason, Collector<Label> out) {
    badLabels.inc();
  }

  @Override
  public TypeInformation<Label> getProducedType() {
    return TypeInformation.of(Label.class);
  }
}
