package io.fraudstream.scoring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class HttpEndpointTest {
  private static final byte[] BODY = "1,2".getBytes(StandardCharsets.US_ASCII);

  private final StubServer stub = new StubServer();

  /** Long enough for a machine that is busy with other things. */
  private final HttpEndpoint endpoint = endpoint(30_000);

  private HttpEndpoint endpoint(int requestTimeoutMs) {
    Map<String, String> headers = Map.of("content-type", "text/csv");
    return new HttpEndpoint(
        new Target(URI.create(stub.url()), headers, null, requestTimeoutMs, 30_000));
  }

  @AfterEach
  void close() {
    endpoint.close();
    stub.close();
  }

  private Reply send() throws Exception {
    return endpoint.send(BODY).get();
  }

  @Test
  @DisplayName("an answer is told with its headers")
  void answer() throws Exception {
    stub.behave(
        (exchange, rows) -> {
          var headers = exchange.getResponseHeaders();
          headers.set("x-amzn-sagemaker-custom-attributes", "a=1;model_version=v7");
          headers.set("x-amzn-invoked-production-variant", "blue");
          headers.set("retry-after", "2");
          headers.set("x-amzn-errortype", "Odd");
          StubServer.reply(exchange, 503, "text/plain", "busy");
        });
    Reply reply = send();
    assertEquals(new Reply(503, "text/plain", "Odd", "v7", 2000, "busy", null, ""), reply);
  }

  @Test
  @DisplayName("requests start no threads of their own, also where Java has two processors")
  void threads() throws Exception {
    for (int warmUp = 0; warmUp < 20; warmUp++) send();
    var all = ManagementFactory.getThreadMXBean();
    long before = all.getTotalStartedThreadCount();
    for (int request = 0; request < 200; request++) assertEquals(200, send().status());
    long started = all.getTotalStartedThreadCount() - before;
    assertTrue(started < 100, started + " threads for 200 requests");
  }

  @Test
  @DisplayName("an endpoint that hangs before or within its answer is a timeout")
  void hangs() throws Exception {
    try (HttpEndpoint hurried = endpoint(300)) {
      stub.behave((exchange, rows) -> {});
      assertEquals(ErrorKind.TIMEOUT, hurried.send(BODY).get().kind());
      stub.behave(HttpEndpointTest::half);
      assertEquals(ErrorKind.TIMEOUT, hurried.send(BODY).get().kind());
    }
  }

  private static void half(HttpExchange exchange, int rows) throws java.io.IOException {
    exchange.sendResponseHeaders(200, 100);
    exchange.getResponseBody().write('0');
    exchange.getResponseBody().flush();
  }

  @Test
  @DisplayName("an answer longer than any list of scores is none, and fills no memory")
  void tooLong() throws Exception {
    stub.behave(
        (exchange, rows) ->
            StubServer.reply(exchange, 200, "text/csv", "0".repeat(2_000_000)));
    Reply reply = send();
    assertEquals(ErrorKind.BAD_RESPONSE, reply.kind());
    assertTrue(reply.reason().contains("more than 1048624 bytes"), reply.reason());
    stub.behave(StubServer.SOUND);
    assertEquals(200, send().status());
  }

  @Test
  @DisplayName("a connection that is refused or cut is told as such, and a later one is fine")
  void connections() throws Exception {
    stub.behave((exchange, rows) -> exchange.close());
    assertEquals(ErrorKind.CONNECT, send().kind());
    stub.down();
    assertEquals(ErrorKind.CONNECT, send().kind());
    stub.up();
    stub.behave(StubServer.SOUND);
    assertEquals(200, send().status());
  }

  @Test
  @DisplayName(
      "requests are signed as the CLI's own signer is held to, with the credentials of the moment")
  void signature() throws Exception {
    AwsBasicCredentials keys =
        AwsBasicCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");
    Signer signer =
        new Signer(
            new Target.Signing("service", "us-east-1", null),
            StaticCredentialsProvider.create(keys),
            Clock.fixed(Instant.parse("2015-08-30T12:36:00Z"), ZoneOffset.UTC));
    URI uri = URI.create("https://example.amazonaws.com/score");
    Map<String, List<String>> headers =
        signer.sign(uri, Map.of("content-type", "text/csv"), BODY).get();
    String authorization = headers.get("Authorization").get(0);
    assertTrue(authorization.contains("AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"));
    // What @smithy/signature-v4 makes of the same request.
    String golden = "21c6ddc943f91a8e4f5b633ee3e405555e8e5b86e6eda7c41ba8e1f17d9ef12c";
    assertTrue(authorization.endsWith("Signature=" + golden), authorization);
  }
}
