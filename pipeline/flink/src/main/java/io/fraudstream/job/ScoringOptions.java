package io.fraudstream.job;

import static org.apache.flink.configuration.ConfigOptions.key;

import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/**
 * Settings of the endpoint, of Async I/O and of verdicts; they bear the names of the CLI's flags.
 */
final class ScoringOptions {
  static final ConfigOption<String> ENDPOINT_NAME =
      key("endpoint-name").stringType().noDefaultValue().withDescription("SageMaker endpoint");
  static final ConfigOption<String> ENDPOINT_URL =
      key("endpoint-url")
          .stringType()
          .noDefaultValue()
          .withDescription("SageMaker runtime instead of the one of AWS");
  static final ConfigOption<String> TARGET_VARIANT =
      key("target-variant")
          .stringType()
          .noDefaultValue()
          .withDescription("production variant of the endpoint");
  static final ConfigOption<String> INFERENCE_COMPONENT =
      key("inference-component")
          .stringType()
          .noDefaultValue()
          .withDescription("inference component");
  static final ConfigOption<String> URL =
      key("url")
          .stringType()
          .noDefaultValue()
          .withDescription("API Gateway or any HTTP endpoint that takes POST");
  static final ConfigOption<List<String>> HEADER =
      key("header")
          .stringType()
          .asList()
          .defaultValues()
          .withDescription("headers of each request to url: name:value;name:value");
  static final ConfigOption<Auth> AUTH =
      key("auth")
          .enumType(Auth.class)
          .defaultValue(Auth.AUTO)
          .withDescription(
              "signature of requests to url: sigv4, none, or auto, which signs for AWS");
  static final ConfigOption<String> PROFILE =
      key("profile")
          .stringType()
          .noDefaultValue()
          .withDescription("profile of the shared AWS config files");
  static final ConfigOption<String> CONTENT_TYPE =
      key("content-type")
          .stringType()
          .defaultValue("text/csv")
          .withDescription("form of the body: text/csv or application/json");
  static final ConfigOption<String> ACCEPT =
      key("accept")
          .stringType()
          .defaultValue("text/csv")
          .withDescription("form of the answer asked for");
  static final ConfigOption<String> SCORE_POINTER =
      key("score-pointer")
          .stringType()
          .noDefaultValue()
          .withDescription("where a JSON answer has the scores, such as /predictions/*/score");

  static final ConfigOption<Integer> CAPACITY =
      key("capacity")
          .intType()
          .defaultValue(100)
          .withDescription("requests in flight in each subtask");
  static final ConfigOption<Duration> TIMEOUT =
      key("timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(10))
          .withDescription("give a transaction up after so long, retries included");
  static final ConfigOption<Duration> REQUEST_TIMEOUT =
      key("request-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription("wait for one answer");
  static final ConfigOption<Duration> CONNECT_TIMEOUT =
      key("connect-timeout")
          .durationType()
          .defaultValue(Duration.ofSeconds(2))
          .withDescription("wait for a connection");
  static final ConfigOption<Order> ORDER =
      key("order")
          .enumType(Order.class)
          .defaultValue(Order.UNORDERED)
          .withDescription("verdicts as they come, or in the order of each card: ordered");
  static final ConfigOption<Integer> BATCH_ROWS =
      key("batch-rows")
          .intType()
          .defaultValue(1)
          .withDescription("transactions in a request, at most");
  static final ConfigOption<Duration> LINGER =
      key("linger")
          .durationType()
          .defaultValue(Duration.ZERO)
          .withDescription("how long a transaction waits for others to share a request with");
  static final ConfigOption<OnOutage> ON_OUTAGE =
      key("on-outage")
          .enumType(OnOutage.class)
          .defaultValue(OnOutage.WAIT)
          .withDescription("while the breaker is open: wait, score by rules, or reject");
  static final ConfigOption<Duration> PATIENCE =
      key("patience")
          .durationType()
          .defaultValue(Duration.ofMinutes(15))
          .withDescription("longest wait for an endpoint that is down");

  static final ConfigOption<Double> THRESHOLD =
      key("threshold")
          .doubleType()
          .defaultValue(0.5)
          .withDescription("score from which a transaction counts as fraud");
  static final ConfigOption<String> MODEL_VERSION =
      key("model-version")
          .stringType()
          .noDefaultValue()
          .withDescription("written into verdicts; what the endpoint says if absent");
  static final ConfigOption<Boolean> WITH_FEATURES =
      key("with-features")
          .booleanType()
          .defaultValue(false)
          .withDescription("write the features into verdicts");

  /** All of them, in the order in which they are told. */
  static final List<ConfigOption<?>> ALL =
      List.of(
          ENDPOINT_NAME,
          ENDPOINT_URL,
          TARGET_VARIANT,
          INFERENCE_COMPONENT,
          URL,
          HEADER,
          AUTH,
          PROFILE,
          CONTENT_TYPE,
          ACCEPT,
          SCORE_POINTER,
          CAPACITY,
          TIMEOUT,
          REQUEST_TIMEOUT,
          CONNECT_TIMEOUT,
          ORDER,
          BATCH_ROWS,
          LINGER,
          ON_OUTAGE,
          PATIENCE,
          THRESHOLD,
          MODEL_VERSION,
          WITH_FEATURES);

  /** Whether requests are signed. */
  enum Auth {
    AUTO,
    NONE,
    SIGV4
  }

  /** In which order verdicts leave. */
  enum Order {
    ORDERED,
    UNORDERED
  }

  /** What happens while the endpoint is down. */
  enum OnOutage {
    WAIT,
    RULES,
    REJECT
  }

  private ScoringOptions() {}
}
