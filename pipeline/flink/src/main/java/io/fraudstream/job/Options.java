package io.fraudstream.job;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;

/**
 * Every setting of the job, once: its name, which is that of the CLI's flag where it has one, its
 * default and its meaning. Here are those of streams, state and this machine.
 */
final class Options {
  static final ConfigOption<String> FROM_STREAM =
      key("from-stream")
          .stringType()
          .noDefaultValue()
          .withDescription("stream of transactions: ARN, or name beside kinesis-endpoint-url");
  static final ConfigOption<String> TO_STREAM =
      key("to-stream")
          .stringType()
          .noDefaultValue()
          .withDescription("stream for verdicts: ARN, or name beside kinesis-endpoint-url");
  static final ConfigOption<String> REJECTS_STREAM =
      key("rejects-stream")
          .stringType()
          .noDefaultValue()
          .withDescription("stream for what got no score, with the reason and its bytes");
  static final ConfigOption<String> LABELS_STREAM =
      key("labels-stream")
          .stringType()
          .noDefaultValue()
          .withDescription("stream of labels, from which the risk of merchants is learnt");
  static final ConfigOption<String> FROM =
      key("from")
          .stringType()
          .defaultValue("trim-horizon")
          .withDescription("where the first run begins: latest, trim-horizon or an instant");
  static final ConfigOption<Duration> SHARD_DISCOVERY =
      key("shard-discovery")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription("between two looks for new shards");
  static final ConfigOption<Duration> POLL_INTERVAL =
      key("poll-interval")
          .durationType()
          .defaultValue(Duration.ofMillis(200))
          .withDescription("between two reads of a shard; longer where others read it too");
  static final ConfigOption<String> REGION =
      key("region")
          .stringType()
          .noDefaultValue()
          .withDescription("AWS region; that of from-stream if it is an ARN");
  static final ConfigOption<String> KINESIS_ENDPOINT_URL =
      key("kinesis-endpoint-url")
          .stringType()
          .noDefaultValue()
          .withDescription("Kinesis instead of AWS, such as that of fraudstream up");

  static final ConfigOption<String> CONTRACT =
      key("contract")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "form of the records where it is not ours: a file, s3://, classpath:, or its text");
  static final ConfigOption<String> CONTRACT_SCHEMAS =
      key("contract-schemas")
          .stringType()
          .noDefaultValue()
          .withDescription("schemas of a contract given as text: JSON, their text by their name");

  static final ConfigOption<String> IP_SPACE =
      key("ip-space")
          .stringType()
          .defaultValue("public")
          .withDescription("source addresses: public, or documentation");

  static final ConfigOption<Duration> DUPLICATE_HORIZON =
      key("duplicate-horizon")
          .durationType()
          .defaultValue(Duration.ofHours(24))
          .withDescription("how long a transaction_id is remembered");
  static final ConfigOption<Duration> OUT_OF_ORDERNESS =
      key("out-of-orderness")
          .durationType()
          .defaultValue(Duration.ofSeconds(5))
          .withDescription("how far event times may lie behind the newest of their shard");
  static final ConfigOption<Duration> IDLENESS =
      key("idleness")
          .durationType()
          .defaultValue(Duration.ofSeconds(15))
          .withDescription("a shard without records for so long holds no watermark back");
  static final ConfigOption<Duration> WATERMARK_DELAY =
      key("watermark-delay")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription(
              "in a replay, how long the other shards have before the event times of one count;"
                  + " at most out-of-orderness");
  static final ConfigOption<FeatureOrder> FEATURE_ORDER =
      key("feature-order")
          .enumType(FeatureOrder.class)
          .defaultValue(FeatureOrder.ARRIVAL)
          .withDescription(
              "features in the order of arrival, or, later and by the data alone, of event-time");
  static final ConfigOption<Boolean> AGGREGATE =
      key("aggregate")
          .booleanType()
          .defaultValue(true)
          .withDescription("put verdicts as KPL aggregates; false: a Kinesis record for each");
  static final ConfigOption<Duration> SINK_BUFFER =
      key("sink-buffer")
          .durationType()
          .defaultValue(Duration.ofMillis(100))
          .withDescription("longest wait of a verdict for others to be put together with");
  static final ConfigOption<Integer> MAX_PARALLELISM =
      key("max-parallelism")
          .intType()
          .defaultValue(720)
          .withDescription("key groups; can never be changed once there is a savepoint");
  static final ConfigOption<Integer> PARALLELISM =
      key("parallelism")
          .intType()
          .noDefaultValue()
          .withDescription("subtasks of each operator, on this machine alone");
  static final ConfigOption<Duration> CHECKPOINT_INTERVAL =
      key("checkpoint-interval")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription("between two checkpoints, on this machine alone");
  static final ConfigOption<String> CHECKPOINT_DIR =
      key("checkpoint-dir")
          .stringType()
          .noDefaultValue()
          .withDescription("where checkpoints are kept, on this machine alone");
  static final ConfigOption<String> SAVEPOINT_DIR =
      key("savepoint-dir")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "where a savepoint is left when the job is told to stop, on this machine alone");
  static final ConfigOption<String> FROM_SAVEPOINT =
      key("from-savepoint")
          .stringType()
          .noDefaultValue()
          .withDescription("savepoint to go on from, on this machine alone");

  private static final List<ConfigOption<?>> OWN =
      List.of(
          FROM_STREAM,
          TO_STREAM,
          REJECTS_STREAM,
          LABELS_STREAM,
          FROM,
          SHARD_DISCOVERY,
          POLL_INTERVAL,
          REGION,
          KINESIS_ENDPOINT_URL,
          CONTRACT,
          CONTRACT_SCHEMAS,
          IP_SPACE,
          DUPLICATE_HORIZON,
          OUT_OF_ORDERNESS,
          IDLENESS,
          WATERMARK_DELAY,
          FEATURE_ORDER,
          AGGREGATE,
          SINK_BUFFER,
          MAX_PARALLELISM,
          PARALLELISM,
          CHECKPOINT_INTERVAL,
          CHECKPOINT_DIR,
          SAVEPOINT_DIR,
          FROM_SAVEPOINT);

  /** All of them, in the order in which they are told. */
  static final List<ConfigOption<?>> ALL =
      Stream.concat(OWN.stream(), ScoringOptions.ALL.stream()).toList();

  /** In which order the past of a key grows. */
  enum FeatureOrder {
    ARRIVAL,
    EVENT_TIME;

    /** As settings say it; Flink reads it by this. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private Options() {}
}
