package io.fraudstream.scoring;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;

/** An endpoint behind HTTP/1.1 with connections that are kept. Its threads never wait. */
public final class HttpEndpoint implements Endpoint, AutoCloseable {
  /** Threads that hand answers on; more of them would only wait for the scorer. */
  private static final int THREADS = 2;

  /** An answer that has begun gets so much longer to end. */
  private static final long BODY_MS = 200;

  /** What the client writes by itself, and refuses to be told. */
  private static final Set<String> OF_CLIENT = Set.of("host", "content-length");

  /** Source: CustomAttributes of InvokeEndpoint; {@code model_version=...} is ours. */
  private static final Pattern MODEL_VERSION =
      Pattern.compile("(?:^|[;,\\s])model_version=([^;,\\s]+)");

  private static final Pattern SECONDS = Pattern.compile("[0-9]+(\\.[0-9]+)?");
  private static final String VARIANT = "x-amzn-invoked-production-variant";

  private final Target target;
  private final ExecutorService threads =
      Executors.newFixedThreadPool(THREADS, HttpEndpoint::thread);
  private final HttpClient client;
  private final Signer signer;
  private final DefaultCredentialsProvider credentials;

  public HttpEndpoint(Target target) {
    this.target = target;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMillis(target.connectTimeoutMs()))
            .executor(threads)
            .build();
    Target.Signing signing = target.signing();
    this.credentials = signing == null ? null : credentialsOf(signing);
    this.signer = signing == null ? null : new Signer(signing, credentials, Clock.systemUTC());
  }

  private static DefaultCredentialsProvider credentialsOf(Target.Signing signing) {
    return DefaultCredentialsProvider.builder()
        .profileName(signing.profile())
        .asyncCredentialUpdateEnabled(true)
        .build();
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "endpoint");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public CompletableFuture<Reply> send(byte[] body) {
    // In stages, so that missing credentials are a reply as well.
    return CompletableFuture.completedFuture(body)
        .thenCompose(this::headers)
        .thenCompose(headers -> answer(headers, body))
        .handle((answer, error) -> error == null ? replyOf(answer) : failureOf(error));
  }

  private CompletableFuture<Map<String, List<String>>> headers(byte[] body) {
    return signer == null
        ? CompletableFuture.completedFuture(Map.of())
        : signer.sign(target.uri(), target.headers(), body);
  }

  private CompletableFuture<HttpResponse<byte[]>> answer(
      Map<String, List<String>> signed, byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(target.uri())
            .timeout(Duration.ofMillis(target.requestTimeoutMs()))
            .POST(BodyPublishers.ofByteArray(body));
    target.headers().forEach(request::setHeader);
    signed.forEach((name, values) -> set(request, name, values));
    CompletableFuture<HttpResponse<byte[]>> sent =
        client.sendAsync(request.build(), BoundedBody.handler(body.length));
    // The client's own timeout ends with the head of the answer: a body may still hang.
    return sent.copy()
        .orTimeout(target.requestTimeoutMs() + BODY_MS, TimeUnit.MILLISECONDS)
        .whenComplete((answer, error) -> sent.cancel(true));
  }

  private static void set(HttpRequest.Builder request, String name, List<String> values) {
    boolean isOurs = !OF_CLIENT.contains(name.toLowerCase(Locale.ROOT));
    if (isOurs) for (String value : values) request.setHeader(name, value);
  }

  private static Reply replyOf(HttpResponse<byte[]> answer) {
    return new Reply(
        answer.statusCode(),
        header(answer, "content-type"),
        header(answer, "x-amzn-errortype"),
        modelVersion(answer),
        retryAfterMs(header(answer, "retry-after"), Instant.now()),
        new String(answer.body(), StandardCharsets.UTF_8),
        null,
        "");
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  /** What an answer says of the model behind it: its version, else the variant that answered. */
  private static String modelVersion(HttpResponse<?> answer) {
    Matcher told = MODEL_VERSION.matcher(header(answer, "x-amzn-sagemaker-custom-attributes"));
    return told.find() ? told.group(1) : header(answer, VARIANT);
  }

  /** Milliseconds that a {@code Retry-After} header asks for, in seconds or until a date; else 0. */
  static long retryAfterMs(String text, Instant now) {
    if (SECONDS.matcher(text).matches()) return (long) (Double.parseDouble(text) * 1000);
    try {
      Instant until = DateTimeFormatter.RFC_1123_DATE_TIME.parse(text, Instant::from);
      return Math.max(0, Duration.between(now, until).toMillis());
    } catch (DateTimeParseException noDate) {
      return 0;
    }
  }

  private static Reply failureOf(Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    String reason = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage());
    return Reply.failure(kindOf(cause), reason);
  }

  private static ErrorKind kindOf(Throwable cause) {
    if (cause instanceof HttpConnectTimeoutException) return ErrorKind.CONNECT;
    if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
      return ErrorKind.TIMEOUT;
    }
    if (cause instanceof BoundedBody.TooLong || cause.getCause() instanceof BoundedBody.TooLong) {
      return ErrorKind.BAD_RESPONSE;
    }
    if (cause instanceof SSLException) return ErrorKind.TLS;
    if (cause instanceof SdkClientException) return ErrorKind.AUTH;
    if (cause instanceof IOException) return ErrorKind.CONNECT;
    return ErrorKind.BAD_RESPONSE;
  }

  @Override
  public void close() {
    threads.shutdownNow();
    if (credentials != null) credentials.close();
  }
}
