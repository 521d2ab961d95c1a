package io.fraudstream.scoring;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;

/**
 * Signs requests as AWS asks for (Signature Version 4).
 *
 * <p>The provider is asked for credentials at each request: it keeps them and renews them in time,
 * so that those of a role never go stale.
 */
final class Signer {
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final Target.Signing signing;
  private final IdentityProvider<? extends AwsCredentialsIdentity> provider;
  private final Clock clock;

  Signer(
      Target.Signing signing,
      IdentityProvider<? extends AwsCredentialsIdentity> provider,
      Clock clock) {
    this.signing = signing;
    this.provider = provider;
    this.clock = clock;
  }

  /** The headers of a POST with its signature; fails where there are no credentials. */
  CompletableFuture<Map<String, List<String>>> sign(
      URI uri, Map<String, String> headers, byte[] body) {
    return provider.resolveIdentity().thenApply(identity -> signed(identity, uri, headers, body));
  }

  private Map<String, List<String>> signed(
      AwsCredentialsIdentity identity, URI uri, Map<String, String> headers, byte[] body) {
    SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(SdkHttpMethod.POST).uri(uri);
    headers.forEach(request::putHeader);
    return signer
        .sign(
            builder ->
                builder
                    .identity(identity)
                    .request(request.build())
                    .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                    .putProperty(HttpSigner.SIGNING_CLOCK, clock)
                    .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, signing.service())
                    .putProperty(AwsV4HttpSigner.REGION_NAME, signing.region()))
        .request()
        .headers();
  }
}
