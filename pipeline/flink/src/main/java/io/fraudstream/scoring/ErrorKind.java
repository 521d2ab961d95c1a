package io.fraudstream.scoring;

import java.util.Locale;

/**
 * Why a transaction has no score, and how that is met: the words of {@code
 * src/transactions/scoring-outcome.ts} and the table of {@code src/scoring/retry-policy.ts}, held
 * to them by {@code fixtures/scoring/replies.json}.
 */
public enum ErrorKind {
  /** The endpoint had no room. */
  THROTTLED(Integer.MAX_VALUE, false),
  /** No answer in time. */
  TIMEOUT(Integer.MAX_VALUE, true),
  /** No connection, or it broke. */
  CONNECT(Integer.MAX_VALUE, true),
  /** The certificate or the handshake was refused. */
  TLS(1, true),
  /** Credentials were refused. */
  AUTH(1, true),
  /** A refused request. */
  HTTP4XX(1, false),
  /** A failing service. */
  HTTP5XX(Integer.MAX_VALUE, true),
  /** The container failed or refused the row; one that died of this very row gets one more try. */
  MODEL_ERROR(2, true),
  /** An answer without scores; for one that has some, those of single rows. */
  BAD_RESPONSE(2, true),
  /** Never sent: no turn before the deadline, or the breaker was open and the policy refuses. */
  DROPPED(1, false);

  private final int attempts;
  private final boolean isOutage;

  ErrorKind(int attempts, boolean isOutage) {
    this.attempts = attempts;
    this.isOutage = isOutage;
  }

  /** True when one more attempt is allowed after so many; the deadline is not asked. */
  boolean isRetriedAfter(int made) {
    return made < attempts;
  }

  /** True for what says that the endpoint is ill, not that it is busy or that a row is bad. */
  boolean isOutage() {
    return isOutage;
  }

  /** The word on the wire: {@code http5xx}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
