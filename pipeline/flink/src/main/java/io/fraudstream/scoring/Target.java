package io.fraudstream.scoring;

import java.io.Serializable;
import java.net.URI;
import java.util.Map;

/**
 * Where requests go: all but their bodies.
 *
 * @param headers names in lower case
 * @param signing for requests that AWS checks; null for others
 */
public record Target(
    URI uri,
    Map<String, String> headers,
    Signing signing,
    long requestTimeoutMs,
    long connectTimeoutMs)
    implements Serializable {
  /** Under which names requests are signed. {@code profile} null is the default one. */
  public record Signing(String service, String region, String profile) implements Serializable {}
}
