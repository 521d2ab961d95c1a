package io.fraudstream.job;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/**
 * Every setting of the job, once: its name, which is that of the CLI's flag where it has one, its
 * default and its meaning.
 */
final class Options {
  static final ConfigOption<String> FROM_STREAM =
      key("from-stream").stringType().noDefaultValue()
          .withDescription("stream of transactions: ARN, or name beside kinesis-endpoint-url");
  static final ConfigOption<String> TO_STREAM =
      key("to-stream").stringType().noDefaultValue()
          .withDescription("stream for verdicts: ARN, or name beside kinesis-endpoint-url");
  static final ConfigOption<String> REJECTS_STREAM =
      key("rejects-stream").stringType().noDefaultValue()
          .withDescription("stream for what got no score, with the reason and its bytes");
  static final ConfigOption<String> LABELS_STREAM =
      key("labels-stream").stringType().noDefaultValue()
          .withDescription("stream of labels, from which the risk of merchants is learnt");
  static final ConfigOption<String> FROM =
      key("from").stringType().defaultValue("trim-horizon")
          .withDescription("where the first run begins: latest, trim-horizon or an instant");
  static final ConfigOption<Reader> READER =
      key("reader").enumType(Reader.class).defaultValue(Reader.POLLING)
          .withDescription("how shards are read: polling, or efo for enhanced fan-out");
  static final ConfigOption<String> EFO_CONSUMER =
      key("efo-consumer").stringType().defaultValue("fraudstream")
          .withDescription("name of the consumer that is registered for enhanced fan-out");
  static final ConfigOption<Duration> SHARD_DISCOVERY =
      key("shard-discovery").durationType().defaultValue(Duration.ofSeconds(10))
          .withDescription("between two looks for new shards; the first shards, too, wait for one");
  static final ConfigOption<String> REGION =
      key("region").stringType().noDefaultValue()
          .withDescription("AWS region; that of from-stream if it is an ARN");
  static final ConfigOption<String> KINESIS_ENDPOINT_URL =
      key("kinesis-endpoint-url").stringType().noDefaultValue()
          .withDescription("Kinesis instead of AWS, such as that of fraudstream up");

  static final ConfigOption<String> ENDPOINT_NAME =
      key("endpoint-name").stringType().noDefaultValue().withDescription("SageMaker endpoint");
  static final ConfigOption<String> ENDPOINT_URL =
      key("endpoint-url").stringType().noDefaultValue()
          .withDescription("SageMaker runtime instead of the one of AWS");
  static final ConfigOption<String> TARGET_VARIANT =
      key("target-variant").stringType().noDefaultValue()
          .withDescription("production variant of the endpoint");
  static final ConfigOption<String> INFERENCE_COMPONENT =
      key("inference-component").stringType().noDefaultValue()
          .withDescription("inference component");
  static final ConfigOption<String> URL =
      key("url").stringType().noDefaultValue()
          .withDescription("API Gateway or any HTTP endpoint that takes POST");
  static final ConfigOption<List<String>> HEADER =
      key("header").stringType().asList().defaultValues()
          .withDescription("headers of each request to url: name:value;name:value");
  static final ConfigOption<Auth> AUTH =
      key("auth").enumType(Auth.class).defaultValue(Auth.AUTO)
          .withDescription("signature of requests to url: sigv4, none, or auto, which signs for AWS");
  static final ConfigOption<String> PROFILE =
      key("profile").stringType().noDefaultValue()
          .withDescription("profile of the shared AWS config files");
  static final ConfigOption<String> CONTENT_TYPE =
      key("content-type").stringType().defaultValue("text/csv")
          .withDescription("form of the body: text/csv or application/json");
  static final ConfigOption<String> ACCEPT =
      key("accept").stringType().defaultValue("text/csv")
          .withDescription("form of the answer asked for");
  static final ConfigOption<String> SCORE_POINTER =
      key("score-pointer").stringType().noDefaultValue()
          .withDescription("where a JSON answer has the scores, such as /predictions/*/score");

  static final ConfigOption<Integer> CAPACITY =
      key("capacity").intType().defaultValue(100)
          .withDescription("requests in flight in each subtask");
  static final ConfigOption<Duration> TIMEOUT =
      key("timeout").durationType().defaultValue(Duration.ofSeconds(10))
          .withDescription("give a transaction up after so long, retries included");
  static final ConfigOption<Duration> REQUEST_TIMEOUT =
      key("request-timeout").durationType().defaultValue(Duration.ofSeconds(2))
          .withDescription("wait for one answer");
  static final ConfigOption<Duration> CONNECT_TIMEOUT =
      key("connect-timeout").durationType().defaultValue(Duration.ofSeconds(2))
          .withDescription("wait for a connection");
  static final ConfigOption<Order> ORDER =
      key("order").enumType(Order.class).defaultValue(Order.UNORDERED)
          .withDescription("verdicts as they come, or in the order of each card: ordered");
  static final ConfigOption<Integer> BATCH_ROWS =
      key("batch-rows").intType().defaultValue(1)
          .withDescription("transactions in a request, at most");
  static final ConfigOption<Duration> LINGER =
      key("linger").durationType().defaultValue(Duration.ZERO)
          .withDescription("how long a transaction waits for others to share a request with");
  static final ConfigOption<OnOutage> ON_OUTAGE =
      key("on-outage").enumType(OnOutage.class).defaultValue(OnOutage.WAIT)
          .withDescription("while the breaker is open: wait, score by rules, or reject");
  static final ConfigOption<Duration> PATIENCE =
      key("patience").durationType().defaultValue(Duration.ofMinutes(15))
          .withDescription("longest wait for an endpoint that is down");

  static final ConfigOption<Double> THRESHOLD =
      key("threshold").doubleType().defaultValue(0.5)
          .withDescription("score from which a transaction counts as fraud");
  static final ConfigOption<String> MODEL_VERSION =
      key("model-version").stringType().noDefaultValue()
          .withDescription("written into verdicts; what the endpoint says if absent");
  static final ConfigOption<Boolean> WITH_FEATURES =
      key("with-features").booleanType().defaultValue(false)
          .withDescription("write the features into verdicts");
  static final ConfigOption<String> IP_SPACE =
      key("ip-space").stringType().defaultValue("public")
          .withDescription("source addresses: public, or documentation");

  static final ConfigOption<Duration> DUPLICATE_HORIZON =
      key("duplicate-horizon").durationType().defaultValue(Duration.ofHours(24))
          .withDescription("how long a transaction_id is remembered");
  static final ConfigOption<Duration> OUT_OF_ORDERNESS =
      key("out-of-orderness").durationType().defaultValue(Duration.ofSeconds(5))
          .withDescription("how far event times may lie behind the newest of their shard");
  static final ConfigOption<Duration> IDLENESS =
      key("idleness").durationType().defaultValue(Duration.ofSeconds(10))
          .withDescription("a shard without records for so long holds no watermark back");
  static final ConfigOption<Duration> SINK_BUFFER =
      key("sink-buffer").durationType().defaultValue(Duration.ofMillis(100))
          .withDescription("longest wait of a verdict for others to share a PutRecords with");
  static final ConfigOption<Integer> MAX_PARALLELISM =
      key("max-parallelism").intType().defaultValue(720)
          .withDescription("key groups; can never be changed once there is a savepoint");
  static final ConfigOption<Integer> PARALLELISM =
      key("parallelism").intType().noDefaultValue()
          .withDescription("subtasks of each operator, on this machine alone");
  static final ConfigOption<Duration> CHECKPOINT_INTERVAL =
      key("checkpoint-interval").durationType().defaultValue(Duration.ofSeconds(10))
          .withDescription("between two checkpoints, on this machine alone");
  static final ConfigOption<String> CHECKPOINT_DIR =
      key("checkpoint-dir").stringType().noDefaultValue()
          .withDescription("where checkpoints are kept, on this machine alone");
  static final ConfigOption<String> SAVEPOINT_DIR =
      key("savepoint-dir").stringType().noDefaultValue()
          .withDescription("where a savepoint is left when the job is told to stop, on this machine alone");
  static final ConfigOption<String> FROM_SAVEPOINT =
      key("from-savepoint").stringType().noDefaultValue()
          .withDescription("savepoint to go on from, on this machine alone");

  /** All of them, in the order in which they are told. */
  static final List<ConfigOption<?>> ALL =
      List.of(
          FROM_STREAM, TO_STREAM, REJECTS_STREAM, LABELS_STREAM, FROM, READER, EFO_CONSUMER,
          SHARD_DISCOVERY, REGION,
          KINESIS_ENDPOINT_URL, ENDPOINT_NAME, ENDPOINT_URL, TARGET_VARIANT, INFERENCE_COMPONENT,
          URL, HEADER, AUTH, PROFILE, CONTENT_TYPE, ACCEPT, SCORE_POINTER, CAPACITY, TIMEOUT,
          REQUEST_TIMEOUT, CONNECT_TIMEOUT, ORDER, BATCH_ROWS, LINGER, ON_OUTAGE, PATIENCE,
          THRESHOLD, MODEL_VERSION, WITH_FEATURES, IP_SPACE, DUPLICATE_HORIZON, OUT_OF_ORDERNESS,
          IDLENESS, SINK_BUFFER, MAX_PARALLELISM, PARALLELISM, CHECKPOINT_INTERVAL, CHECKPOINT_DIR,
          SAVEPOINT_DIR, FROM_SAVEPOINT);

  /** How shards are read. */
  enum Reader { POLLING, EFO }

  /** Whether requests are signed. */
  enum Auth { AUTO, NONE, SIGV4 }

  /** In which order verdicts leave. */
  enum Order { ORDERED, UNORDERED }

  /** What happens while the endpoint is down. */
  enum OnOutage { WAIT, RULES, REJECT }

  private Options() {}
}
