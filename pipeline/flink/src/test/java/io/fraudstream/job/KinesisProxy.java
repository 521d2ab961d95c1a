package io.fraudstream.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** Stands between the job and the embedded Kinesis and makes trouble of the network and of it. */
final class KinesisProxy implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BAD_REQUEST = 400;

  /** The code of the error that a request gets, empty for a connection that breaks, or null. */
  interface Trouble {
    String of(String action, JsonNode request);
  }

  private final HttpClient client = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final String target;
  private volatile Trouble trouble = (action, request) -> null;
  private volatile BooleanSupplier isEntryThrottled = () -> false;

  KinesisProxy(String target) throws IOException {
    this.target = target;
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void makeTrouble(Trouble made) {
    trouble = made;
  }

  /** Entries of PutRecords that do not reach Kinesis. */
  void throttleEntries(BooleanSupplier made) {
    isEntryThrottled = made;
  }

  private void handle(HttpExchange exchange) throws IOException {
    String header = exchange.getRequestHeaders().getFirst("x-amz-target");
    String action = header.substring(header.indexOf('.') + 1);
    JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
    String code = trouble.of(action, request);
    try {
      if (code == null) reply(exchange, 200, answer(action, request));
      else if (!code.isEmpty()) reply(exchange, BAD_REQUEST, error(code, "made by the test"));
    } catch (Refused refused) {
      reply(exchange, refused.status, refused.body);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    } finally {
      exchange.close();
    }
  }

  private static byte[] error(String code, String message) throws IOException {
    return JSON.writeValueAsBytes(
        JSON.createObjectNode().put("__type", code).put("message", message));
  }

  private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().add("content-type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private byte[] answer(String action, JsonNode request) throws IOException, InterruptedException {
    if (!action.equals("PutRecords")) return forwarded(action, request);
    ArrayNode all = (ArrayNode) request.get("Records");
    ArrayNode passed = JSON.createArrayNode();
    List<Boolean> throttled =
        java.util.stream.IntStream.range(0, all.size())
            .mapToObj(place -> isEntryThrottled.getAsBoolean())
            .toList();
    for (int place = 0; place < all.size(); place++) {
      if (!throttled.get(place)) passed.add(all.get(place));
    }
    JsonNode results = JSON.createArrayNode();
    if (!passed.isEmpty()) {
      ObjectNode fewer = ((ObjectNode) request.deepCopy()).set("Records", passed);
      results = JSON.readTree(forwarded(action, fewer)).get("Records");
    }
    return JSON.writeValueAsBytes(merged(throttled, results));
  }

  private static ObjectNode merged(List<Boolean> throttled, JsonNode results) {
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode merged = answer.putArray("Records");
    int next = 0;
    int failed = 0;
    for (boolean isThrottled : throttled) {
      if (!isThrottled) {
        JsonNode result = results.get(next++);
        if (result.has("ErrorCode")) failed += 1;
        merged.add(result);
        continue;
      }
      failed += 1;
      merged
          .addObject()
          .put("ErrorCode", "ProvisionedThroughputExceededException")
          .put("ErrorMessage", "made by the test");
    }
    return answer.put("FailedRecordCount", failed);
  }

  private byte[] forwarded(String action, JsonNode request)
      throws IOException, InterruptedException {
    HttpRequest forwarded =
        HttpRequest.newBuilder(URI.create(target))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", "Kinesis_20131202." + action)
            .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(request)))
            .build();
    HttpResponse<byte[]> response = client.send(forwarded, BodyHandlers.ofByteArray());
    if (response.statusCode() != 200) throw new Refused(response.statusCode(), response.body());
    return response.body();
  }

  /** What the embedded Kinesis does not do; passed on as it is. */
  private static final class Refused extends IOException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final byte[] body;

    Refused(int status, byte[] body) {
      this.status = status;
      this.body = body;
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
