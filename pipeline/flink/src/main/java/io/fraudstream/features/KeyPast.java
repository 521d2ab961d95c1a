package io.fraudstream.features;

/**
 * What is remembered of a card or an address: its last transactions, and its days; null while
 * empty.
 *
 * <p>Public fields and an empty constructor: Flink's POJO, whose state survives new fields.
 */
public class KeyPast {
  public double[] recent;
  public double[] days;

  /** Transactions that were ever remembered. */
  public long handled() {
    return recent == null ? 0 : Ring.inserted(recent);
  }

  /** Whether a transaction is older than the newest one. */
  public boolean isLate(Facts facts) {
    return Ring.isLate(recent, facts.time);
  }
}
