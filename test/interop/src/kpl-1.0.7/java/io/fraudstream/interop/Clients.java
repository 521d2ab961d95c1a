package io.fraudstream.interop;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.SdkHttpConfigurationOption;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.utils.AttributeMap;

/** Clients of services on this machine. */
final class Clients {
  static final Region REGION = Region.US_EAST_1;
  static final StaticCredentialsProvider CREDENTIALS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

  private Clients() {}

  static <B extends AwsClientBuilder<B, ?>> B at(String url, B builder) {
    return builder
        .region(REGION)
        .credentialsProvider(CREDENTIALS)
        .endpointOverride(URI.create(url));
  }

  /** HTTP/1.1: without TLS there is no HTTP/2. */
  static KinesisAsyncClient kinesis(String url) {
    return at(url, KinesisAsyncClient.builder())
        .httpClientBuilder(
            NettyNioAsyncHttpClient.builder()
                .protocol(Protocol.HTTP1_1)
                .maxConcurrency(1_000)
                .connectionAcquisitionTimeout(Duration.ofSeconds(30)))
        .build();
  }

  /** HTTP/2, as the SDK speaks to AWS; any certificate is trusted. */
  static KinesisAsyncClient kinesisByTls(String url) {
    return at(url, KinesisAsyncClient.builder())
        .httpClient(
            NettyNioAsyncHttpClient.builder()
                .protocol(Protocol.HTTP2)
                .buildWithDefaults(
                    AttributeMap.builder()
                        .put(SdkHttpConfigurationOption.TRUST_ALL_CERTIFICATES, true)
                        .build()))
        .build();
  }
}
