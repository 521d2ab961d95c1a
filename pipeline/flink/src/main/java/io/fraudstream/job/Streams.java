package io.fraudstream.job;

import io.fraudstream.kinesis.StreamAddress;
import io.fraudstream.kinesis.sink.KinesisSink;
import io.fraudstream.kinesis.source.KinesisSource;
import io.fraudstream.kinesis.source.Position;
import io.fraudstream.kinesis.source.UserRecordDeserializer;
import io.fraudstream.records.Instants;
import io.fraudstream.records.Rejection;
import org.apache.flink.configuration.ConfigOption;

/** The streams of Kinesis that the settings name. */
final class Streams {
  private Streams() {}

  static <T> KinesisSource<T> source(
      JobSettings settings, ConfigOption<String> stream, UserRecordDeserializer<T> deserializer) {
    return new KinesisSource<>(
        address(settings, stream),
        beginning(settings),
        settings.get(Options.SHARD_DISCOVERY),
        settings.get(Options.POLL_INTERVAL),
        deserializer);
  }

  static KinesisSink<Line> verdicts(JobSettings settings) {
    boolean isOrdered = settings.get(ScoringOptions.ORDER) == ScoringOptions.Order.ORDERED;
    return new KinesisSink<>(
        address(settings, Options.TO_STREAM),
        address(settings, Options.REJECTS_STREAM),
        new VerdictRecords(new RejectionRecords(settings.contract())),
        new KinesisSink.Form(
            settings.get(Options.AGGREGATE), isOrdered, settings.get(Options.SINK_BUFFER)));
  }

  /** Never aggregated: whoever looks into rejections may have no more than a plain consumer. */
  static KinesisSink<Rejection> rejects(JobSettings settings) {
    StreamAddress rejects = address(settings, Options.REJECTS_STREAM);
    return new KinesisSink<>(
        rejects,
        rejects,
        new RejectionRecords(settings.contract()),
        new KinesisSink.Form(false, false, settings.get(Options.SINK_BUFFER)));
  }

  /**
   * Where the first run begins; {@link JobSettings} has checked that it is one of the known forms.
   *
   * <p>The latest is an instant, that of the start of the job: what comes after it is read, even if
   * the job restarts before its first checkpoint.
   */
  private static Position beginning(JobSettings settings) {
    String from = settings.get(Options.FROM);
    if (from.equals("trim-horizon")) return Position.TRIM_HORIZON;
    boolean isLatest = from.equals("latest");
    return Position.atTimestamp(isLatest ? System.currentTimeMillis() : Instants.read(from));
  }

  private static StreamAddress address(JobSettings settings, ConfigOption<String> stream) {
    return new StreamAddress(
        settings.get(stream),
        settings.region(),
        settings.get(Options.KINESIS_ENDPOINT_URL),
        settings.get(ScoringOptions.PROFILE));
  }
}
