package io.fraudstream.bench;

import io.fraudstream.scoring.Candidate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.async.ResultFuture;
import org.apache.flink.streaming.api.functions.async.RichAsyncFunction;

/**
 * The pattern of the AWS sample of Async I/O, in our own words: the future of the client is waited
 * for by a stage that runs on the caller's thread, which is that of the task. So it is asynchronous
 * in form alone, and one request is in flight at a time.
 */
final class BlockingFunction extends RichAsyncFunction<Candidate, Double> {
  private static final long serialVersionUID = 1;

  private final String url;
  private transient HttpClient client;

  BlockingFunction(String url) {
    this.url = url;
  }

  @Override
  public void open(OpenContext context) {
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  }

  @Override
  public void asyncInvoke(Candidate candidate, ResultFuture<Double> result) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url))
            .header("content-type", "text/csv")
            .POST(BodyPublishers.ofString("1".repeat(290)))
            .build();
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request, BodyHandlers.ofString());
    CompletableFuture.supplyAsync(() -> waitFor(answer), Runnable::run)
        .thenAccept(text -> result.complete(List.of(Double.valueOf(text.trim()))));
  }

  private static String waitFor(CompletableFuture<HttpResponse<String>> answer) {
    try {
      return answer.get().body();
    } catch (InterruptedException | ExecutionException error) {
      throw new IllegalStateException(error);
    }
  }
}
