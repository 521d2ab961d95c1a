package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.scoring.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.flink.streaming.runtime.partitioner.KeyGroupStreamPartitioner;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSettingsTest {
  private static final String ARN = "arn:aws:kinesis:eu-central-1:123456789012:stream/";

  private static Map<String, String> sound() {
    Map<String, String> given = new HashMap<>();
    given.put("from-stream", ARN + "transactions");
    given.put("to-stream", ARN + "verdicts");
    given.put("rejects-stream", ARN + "rejects");
    given.put("endpoint-name", "fraud");
    return given;
  }

  @ParameterizedTest
  @DisplayName("a setting that is not sound is named, with what it should be")
  @CsvSource(
      delimiter = '|',
      value = {
        "capacity | many | capacity is \"many\"",
        "capacity | 0 | capacity must be at least 1",
        "timeout | soon | timeout is \"soon\"",
        "timeout | 1 s | timeout must not be shorter than request-timeout",
        "order | sorted | order is \"sorted\"",
        "threshold | 1.5 | threshold must be from 0 to 1",
        "capasity | 5 | capasity is no setting",
        "from | yesterday | from must be latest, trim-horizon or an instant",
        "from-stream | transactions | but AWS wants arn:aws:kinesis:REGION:ACCOUNT:stream/NAME",
        "url | http://x | Only one of endpoint-name",
        "content-type | text/xml | content-type must be text/csv or application/json",
        "header | nothing | header must be name:value",
        "feature-order | event-time? | feature-order is \"event-time?\"",
        "poll-interval | 100 ms | poll-interval is 100 ms, but Kinesis",
        "aggregate | perhaps | aggregate is \"perhaps\"",
        "ip-space | moon | ip-space must be public or documentation",
        "contract | /nowhere/contract.yaml | The contract /nowhere/contract.yaml cannot be read",
        "contract | classpath:nothing.yaml | the jar has no resource nothing.yaml",
        "contract | s3://bucket/contract.yaml | The contract s3://bucket/contract.yaml cannot be read",
        "contract | {\"verdicts\":{\"id\":\"/x\"}} | has neither \"score\" nor \"decision\"",
        "contract | {\"verdicts\":{\"id\":\"/x\",\"score\":\"/s\",\"unwrap\":\"sns\"}} | \"unwrap\" is of",
        "contract | {\"verdicts\":{\"id\":\"/x\",\"score\":\"/s\",\"schema\":\"s\",\"format\":\"avro\"}} | Schema s is not in",
        "contract-schemas | {} | contract-schemas is without a contract",
      })
  void problems(String name, String value, String message) {
    Map<String, String> given = sound();
    given.put(name, value);
    var error = assertThrows(IllegalArgumentException.class, () -> JobSettings.of(given));
    assertTrue(error.getMessage().contains(message), error.getMessage());
  }

  @Test
  @DisplayName("all that is missing is told at once")
  void missing() {
    var error = assertThrows(IllegalArgumentException.class, () -> JobSettings.of(Map.of()));
    for (String name : List.of("from-stream", "to-stream", "rejects-stream", "endpoint-name")) {
      assertTrue(error.getMessage().contains(name), error.getMessage());
    }
  }

  @Test
  @DisplayName("a SageMaker endpoint is asked at its runtime, signed")
  void runtime() {
    Target target = Endpoints.target(JobSettings.of(sound()));
    assertEquals(
        "https://runtime.sagemaker.eu-central-1.amazonaws.com/endpoints/fraud/invocations",
        target.uri().toString());
    assertEquals(new Target.Signing("sagemaker", "eu-central-1", null), target.signing());
  }

  @ParameterizedTest
  @DisplayName("a URL is signed where AWS checks it, unless told otherwise")
  @CsvSource({
    "https://a.execute-api.us-west-2.amazonaws.com/v1/score, auto, execute-api, us-west-2",
    "https://a.execute-api.us-west-2.amazonaws.com/v1/score, none, ,",
    "http://127.0.0.1:8080/score, auto, ,",
    "http://127.0.0.1:8080/score, sigv4, execute-api, eu-central-1",
  })
  void urls(String url, String auth, String service, String region) {
    Map<String, String> given = sound();
    given.remove("endpoint-name");
    given.put("url", url);
    given.put("auth", auth);
    given.put("header", "x-api-key: abc");
    Target target = Endpoints.target(JobSettings.of(given));
    assertEquals("abc", target.headers().get("x-api-key"));
    if (service == null) assertNull(target.signing());
    else assertEquals(new Target.Signing(service, region, null), target.signing());
  }

  @Test
  @DisplayName("arguments are pairs")
  void arguments() {
    assertEquals("7", GivenSettings.of(new String[] {"--capacity", "7"}).get("capacity"));
    for (String[] odd : List.of(new String[] {"capacity", "7"}, new String[] {"--capacity"})) {
      assertThrows(IllegalArgumentException.class, () -> GivenSettings.of(odd));
    }
  }

  @Test
  @DisplayName("property groups of Managed Service for Apache Flink count as one, arguments win")
  void propertyGroups(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("application_properties.json");
    Files.writeString(
        file,
        """
        [{"PropertyGroupId":"streams","PropertyMap":{"from-stream":"a","capacity":"5"}},
         {"PropertyGroupId":"scoring","PropertyMap":{"timeout":"3 s"}}]
        """);
    Map<String, String> given = GivenSettings.of(file, new String[] {"--capacity", "7"});
    assertEquals(Map.of("from-stream", "a", "capacity", "7", "timeout", "3 s"), given);
  }

  @Test
  @DisplayName("a reader must not count as idle before it has its first shard")
  void idleness() {
    Map<String, String> given = sound();
    given.put("idleness", "10 s");
    JobSettings.of(given);
    given.put("feature-order", "event-time");
    var error = assertThrows(IllegalArgumentException.class, () -> JobSettings.of(given));
    assertTrue(error.getMessage().contains("idleness must be longer than shard-discovery"));
  }

  private static final List<String> UIDS =
      List.of(
          "card-features-2",
          "card-order-features-2",
          "enrich",
          "ip-features-2",
          "judge",
          "label-source",
          "merchant-features-2",
          "reject-sink",
          "score-features-2",
          "transaction-source",
          "verdict-sink",
          "watermark-stop");

  private static StreamGraph graph(Map<String, String> more) {
    Map<String, String> given = sound();
    given.put("order", "ordered");
    given.put("labels-stream", ARN + "labels");
    given.putAll(more);
    StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment();
    new JobGraph(JobSettings.of(given)).build(env);
    return env.getStreamGraph();
  }

  private static List<String> uids(StreamGraph graph) {
    return graph.getStreamNodes().stream()
        .map(node -> node.getTransformationUID())
        .filter(uid -> uid != null)
        .sorted()
        .toList();
  }

  @Test
  @DisplayName("operators keep their uids, by which savepoints of older jars find their state")
  void uids() {
    assertEquals(UIDS, uids(graph(Map.of())));
  }

  @Test
  @DisplayName("the order of event time adds an operator before each stage, and no shuffle")
  void eventOrder() {
    StreamGraph byArrival = graph(Map.of());
    StreamGraph byEventTime = graph(Map.of("feature-order", "event-time"));
    List<String> wanted = new ArrayList<>(UIDS);
    for (String stage : List.of("card", "ip", "merchant")) {
      wanted.add(stage + "-event-order-features-2");
    }
    assertEquals(wanted.stream().sorted().toList(), uids(byEventTime));
    assertEquals(shuffles(byArrival), shuffles(byEventTime));
  }

  private static long shuffles(StreamGraph graph) {
    return graph.getStreamNodes().stream()
        .flatMap(node -> node.getOutEdges().stream())
        .filter(edge -> edge.getPartitioner() instanceof KeyGroupStreamPartitioner)
        .count();
  }
}
