package io.fraudstream.kinesis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.kinesis.model.Shard;

class ShardListingTest {
  private static final String SHARD =
      "{\"ShardId\":\"%s\",\"HashKeyRange\":{\"StartingHashKey\":\"0\",\"EndingHashKey\":\"9\"},"
          + "\"SequenceNumberRange\":{\"StartingSequenceNumber\":\"1\"}}";

  @ParameterizedTest
  @CsvSource({
    "transactions, '{\"StreamName\":\"transactions\"}'",
    "arn:aws:kinesis:eu-central-1:123456789012:stream/s,"
        + " '{\"StreamARN\":\"arn:aws:kinesis:eu-central-1:123456789012:stream/s\"}'",
  })
  @DisplayName("the pages of a long listing are put together; their token goes alone")
  void pages(String stream, String first) throws Exception {
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    List<String> asked = new ArrayList<>();
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          String token = asked.size() == 1 ? ",\"NextToken\":\"page 2\"" : "";
          String shard = SHARD.formatted("shard-" + asked.size());
          byte[] page = ("{\"Shards\":[" + shard + "]" + token + "}").getBytes();
          exchange.getResponseHeaders().add("content-type", "application/x-amz-json-1.1");
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    String url = "http://127.0.0.1:" + server.getAddress().getPort();
    var address = new StreamAddress(stream, "us-east-1", url, null);
    try (var client = address.client()) {
      List<Shard> shards = ShardListing.of(client, address).get();
      assertEquals(List.of("shard-1", "shard-2"), shards.stream().map(Shard::shardId).toList());
      assertEquals(List.of(first, "{\"NextToken\":\"page 2\"}"), asked);
    } finally {
      server.stop(0);
    }
  }

  @Test
  @DisplayName("a stream that is named by its ARN is asked for in the region of the ARN")
  void region() {
    String arn = "arn:aws:kinesis:eu-central-1:123456789012:stream/s";
    assertEquals("eu-central-1", new StreamAddress(arn, "us-east-1", null, null).usedRegion());
    assertEquals("us-east-1", new StreamAddress("s", "us-east-1", null, null).usedRegion());
  }
}
