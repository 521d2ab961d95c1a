package io.fraudstream.job;

import java.util.Properties;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.aws.config.AWSConfigConstants;
import org.apache.flink.connector.kinesis.sink.KinesisStreamsSink;
import org.apache.flink.connector.kinesis.sink.KinesisStreamsSinkBuilder;
import org.apache.flink.connector.kinesis.source.KinesisStreamsSource;
import org.apache.flink.connector.kinesis.source.config.KinesisSourceConfigOptions;
import org.apache.flink.connector.kinesis.source.config.KinesisSourceConfigOptions.InitialPosition;
import org.apache.flink.connector.kinesis.source.config.KinesisSourceConfigOptions.ReaderType;
import org.apache.flink.connector.kinesis.source.serialization.KinesisDeserializationSchema;

/** The streams of Kinesis that the settings name. */
final class Streams {
  /** What an emulator answers to; its account is this. */
  private static final String LOCAL_ACCOUNT = "000000000000";

  private Streams() {}

  /**
   * Where the first run begins; {@link JobSettings} has checked that it is one of the known places.
   */
  private static InitialPosition beginning(JobSettings settings) {
    String from = settings.get(Options.FROM);
    if (from.equals("latest")) return InitialPosition.LATEST;
    if (from.equals("trim-horizon")) return InitialPosition.TRIM_HORIZON;
    return InitialPosition.AT_TIMESTAMP;
  }

  static <T> KinesisStreamsSource<T> source(
      JobSettings settings, ConfigOption<String> stream, KinesisDeserializationSchema<T> schema) {
    return KinesisStreamsSource.<T>builder()
        .setStreamArn(arn(settings, stream))
        .setSourceConfig(sourceConfiguration(settings))
        .setDeserializationSchema(schema)
        .build();
  }

  static KinesisStreamsSink<Line> sink(JobSettings settings, ConfigOption<String> stream) {
    KinesisStreamsSinkBuilder<Line> sink = KinesisStreamsSink.builder();
    // Requests that overtake each other would undo the order of a card.
    if (settings.get(ScoringOptions.ORDER) == ScoringOptions.Order.ORDERED)
      sink.setMaxInFlightRequests(1);
    return sink.setStreamArn(arn(settings, stream))
        .setSerializationSchema((SerializationSchema<Line>) line -> line.data)
        .setPartitionKeyGenerator(line -> line.key)
        // What Kinesis refuses is put again, for ever; true would restart the job instead.
        .setFailOnError(false)
        .setMaxTimeInBufferMS(settings.ms(Options.SINK_BUFFER))
        .setKinesisClientProperties(clientProperties(settings))
        .build();
  }

  private static String arn(JobSettings settings, ConfigOption<String> stream) {
    String given = settings.get(stream);
    if (given.startsWith("arn:")) return given;
    return "arn:aws:kinesis:" + settings.region() + ":" + LOCAL_ACCOUNT + ":stream/" + given;
  }

  private static Configuration sourceConfiguration(JobSettings settings) {
    Configuration configuration = new Configuration();
    clientProperties(settings)
        .forEach((name, value) -> configuration.setString((String) name, (String) value));
    InitialPosition beginning = beginning(settings);
    configuration.set(KinesisSourceConfigOptions.STREAM_INITIAL_POSITION, beginning);
    if (beginning == InitialPosition.AT_TIMESTAMP) {
      String from = settings.get(Options.FROM);
      configuration.set(KinesisSourceConfigOptions.STREAM_INITIAL_TIMESTAMP, from);
    }
    configuration.set(
        KinesisSourceConfigOptions.SHARD_DISCOVERY_INTERVAL, settings.get(Options.SHARD_DISCOVERY));
    if (settings.get(Options.READER) == Options.Reader.EFO) {
      configuration.set(KinesisSourceConfigOptions.READER_TYPE, ReaderType.EFO);
      String consumer = settings.get(Options.EFO_CONSUMER);
      configuration.set(KinesisSourceConfigOptions.EFO_CONSUMER_NAME, consumer);
    }
    return configuration;
  }

  private static Properties clientProperties(JobSettings settings) {
    Properties properties = new Properties();
    properties.setProperty(AWSConfigConstants.AWS_REGION, settings.region());
    if (settings.has(Options.KINESIS_ENDPOINT_URL)) {
      String url = settings.get(Options.KINESIS_ENDPOINT_URL);
      properties.setProperty(AWSConfigConstants.AWS_ENDPOINT, url);
      properties.setProperty(AWSConfigConstants.HTTP_PROTOCOL_VERSION, "HTTP1_1");
    }
    return properties;
  }
}
