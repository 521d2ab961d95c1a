package io.fraudstream.scoring;

/**
 * What came of a request: an answer, or a failure (then {@code kind} is not null).
 *
 * <p>Texts are empty where the answer lacks the header. Units: {@code retryAfterMs} milliseconds.
 */
public record Reply(
    int status,
    String contentType,
    String errorType,
    String modelVersion,
    long retryAfterMs,
    String body,
    ErrorKind kind,
    String reason) {
  /** No answer came. */
  static Reply failure(ErrorKind kind, String reason) {
    return new Reply(0, "", "", "", 0, "", kind, reason);
  }

  /** The reply, or that of an endpoint that threw: no row may be lost of it. */
  static Reply of(Reply reply, Throwable error) {
    return error == null ? reply : failure(ErrorKind.CONNECT, String.valueOf(error));
  }
}
