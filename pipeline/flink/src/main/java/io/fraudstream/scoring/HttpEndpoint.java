package io.fraudstream.scoring;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.ProxyConfiguration;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;

/**
 * An endpoint behind HTTP/1.1 with connections that are kept. Its threads never wait.
 *
 * <p>By the client of the AWS SDK: that of the JDK starts a thread for each request where Java has
 * no more than two processors.
 */
public final class HttpEndpoint implements Endpoint, AutoCloseable {
  /**
   * Threads that hand answers on. With more than one, a request passes from that of the pool of
   * connections to that of its connection, which has to be woken.
   */
  private static final int THREADS = 1;

  /** The scorer bounds the requests in flight; none of them waits for a connection. */
  private static final int MOST_CONNECTIONS = 50_000;

  /** An answer that has begun gets so much longer to end. */
  private static final long BODY_MS = 200;

  /** What the client writes by itself. */
  private static final Set<String> OF_CLIENT = Set.of("host", "content-length");

  /** Source: CustomAttributes of InvokeEndpoint; {@code model_version=...} is ours. */
  private static final Pattern MODEL_VERSION =
      Pattern.compile("(?:^|[;,\\s])model_version=([^;,\\s]+)");

  private static final Pattern SECONDS = Pattern.compile("[0-9]+(\\.[0-9]+)?");
  private static final String VARIANT = "x-amzn-invoked-production-variant";

  private final Target target;
  private final SdkEventLoopGroup threads =
      SdkEventLoopGroup.builder()
          .numberOfThreads(THREADS)
          .threadFactory(HttpEndpoint::thread)
          .build();
  private final SdkAsyncHttpClient client;
  private final Signer signer;
  private final DefaultCredentialsProvider credentials;

  public HttpEndpoint(Target target) {
    this.target = target;
    this.client =
        NettyNioAsyncHttpClient.builder()
            .protocol(Protocol.HTTP1_1)
            .eventLoopGroup(threads)
            .maxConcurrency(MOST_CONNECTIONS)
            .connectionTimeout(Duration.ofMillis(target.connectTimeoutMs()))
            .connectionAcquisitionTimeout(Duration.ofMillis(target.connectTimeoutMs()))
            .tlsNegotiationTimeout(Duration.ofMillis(target.connectTimeoutMs()))
            // Requests have a timeout of their own.
            .readTimeout(Duration.ZERO)
            .writeTimeout(Duration.ZERO)
            .proxyConfiguration(
                ProxyConfiguration.builder()
                    .useSystemPropertyValues(false)
                    .useEnvironmentVariableValues(false)
                    .build())
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

  private CompletableFuture<HttpAnswer> answer(Map<String, List<String>> signed, byte[] body) {
    SdkHttpRequest.Builder request =
        SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(target.uri());
    target.headers().forEach((name, value) -> set(request, name, List.of(value)));
    signed.forEach((name, values) -> set(request, name, values));
    request.putHeader("content-length", Integer.toString(body.length));
    HttpAnswer.Receiver receiver = new HttpAnswer.Receiver(body.length);
    CompletableFuture<Void> sent =
        client.execute(
            AsyncExecuteRequest.builder()
                .request(request.build())
                .requestContentPublisher(new RequestBytes(body))
                .responseHandler(receiver)
                .build());
    receiver.head().orTimeout(target.requestTimeoutMs(), TimeUnit.MILLISECONDS);
    return receiver
        .whole()
        .orTimeout(target.requestTimeoutMs() + BODY_MS, TimeUnit.MILLISECONDS)
        .whenComplete(
            (answer, error) -> {
              // A connection whose answer nobody reads is not used again.
              if (error != null) sent.cancel(true);
            });
  }

  private static void set(SdkHttpRequest.Builder request, String name, List<String> values) {
    boolean isOurs = !OF_CLIENT.contains(name.toLowerCase(Locale.ROOT));
    if (isOurs) request.putHeader(name, values);
  }

  private static Reply replyOf(HttpAnswer answer) {
    SdkHttpResponse head = answer.head();
    return new Reply(
        head.statusCode(),
        header(head, "content-type"),
        header(head, "x-amzn-errortype"),
        modelVersion(head),
        retryAfterMs(header(head, "retry-after"), Instant.now()),
        new String(answer.body(), StandardCharsets.UTF_8),
        null,
        "");
  }

  private static String header(SdkHttpResponse head, String name) {
    return head.firstMatchingHeader(name).orElse("");
  }

  /** What an answer says of the model behind it: its version, else the variant that answered. */
  private static String modelVersion(SdkHttpResponse head) {
    String attributes = header(head, "x-amzn-sagemaker-custom-attributes");
    if (!attributes.isEmpty()) {
      Matcher version = MODEL_VERSION.matcher(attributes);
      if (version.find()) return version.group(1);
    }
    return header(head, VARIANT);
  }

  /**
   * Milliseconds that a {@code Retry-After} header asks for, in seconds or until a date; else 0.
   */
  static long retryAfterMs(String text, Instant now) {
    if (text.isEmpty()) return 0;
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
    if (cause instanceof HttpAnswer.TooLong) return ErrorKind.BAD_RESPONSE;
    if (has(cause, SSLException.class)) return ErrorKind.TLS;
    if (has(cause, ConnectTimeoutException.class)) return ErrorKind.CONNECT;
    if (cause instanceof TimeoutException) return ErrorKind.TIMEOUT;
    if (cause instanceof SdkClientException) return ErrorKind.AUTH;
    if (has(cause, IOException.class)) return ErrorKind.CONNECT;
    // A connection that is not there in time has a cause of a type of its own.
    return has(cause, TimeoutException.class) ? ErrorKind.CONNECT : ErrorKind.BAD_RESPONSE;
  }

  private static boolean has(Throwable error, Class<? extends Throwable> type) {
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) return true;
    }
    return false;
  }

  @Override
  public void close() {
    client.close();
    threads.eventLoopGroup().shutdownGracefully(0, 0, TimeUnit.MILLISECONDS);
    if (credentials != null) credentials.close();
  }
}
