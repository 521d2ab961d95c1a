package io.fraudstream.kinesis;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;

/**
 * One stream of Kinesis and how to reach it.
 *
 * @param stream ARN or name
 * @param endpointUrl null for AWS
 * @param profile of the shared AWS config files; null for the default credentials
 */
public record StreamAddress(String stream, String region, String endpointUrl, String profile)
    implements Serializable {
  private static final int REGION_IN_ARN = 3;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  /** One request to answer, head and body. A read of 10 MiB over a slow line takes some seconds. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);

  /** Requests in flight at once; each shard of a subtask has one. */
  private static final int CONNECTIONS = 1_000;

  public boolean isArn() {
    return stream.startsWith("arn:");
  }

  /** The ARN, or null where only the name is known. */
  public String arn() {
    return isArn() ? stream : null;
  }

  /** The name, or null where the ARN says it all. */
  public String name() {
    return isArn() ? null : stream;
  }

  /** The region of the ARN, else the one given. */
  public String usedRegion() {
    return isArn() ? stream.split(":")[REGION_IN_ARN] : region;
  }

  /**
   * A client that makes each request once: whoever asks counts and repeats what failed.
   *
   * <p>HTTP/1.1: only SubscribeToShard needs HTTP/2, and emulators without TLS cannot speak it.
   */
  public KinesisAsyncClient client() {
    // Most emulators speak JSON alone; the SDK reads this when it builds a client.
    boolean isJson = endpointUrl != null && System.getenv("CBOR_ENABLED") == null;
    if (isJson) System.setProperty("aws.cborEnabled", "false");
    KinesisAsyncClientBuilder builder =
        KinesisAsyncClient.builder()
            .region(Region.of(usedRegion()))
            .credentialsProvider(credentials())
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .protocol(Protocol.HTTP1_1)
                    .maxConcurrency(CONNECTIONS)
                    .connectionTimeout(CONNECT_TIMEOUT))
            .overrideConfiguration(
                settings ->
                    settings
                        .apiCallTimeout(REQUEST_TIMEOUT)
                        .retryStrategy(DefaultRetryStrategy.doNotRetry()));
    if (endpointUrl != null) builder.endpointOverride(URI.create(endpointUrl));
    return builder.build();
  }

  private AwsCredentialsProvider credentials() {
    DefaultCredentialsProvider.Builder builder = DefaultCredentialsProvider.builder();
    if (profile != null) builder.profileName(profile);
    return builder.build();
  }
}
