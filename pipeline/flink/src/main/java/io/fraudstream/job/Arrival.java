package io.fraudstream.job;

import io.fraudstream.records.Rejection;
import io.fraudstream.records.Transaction;

/**
 * A user record of the stream: a transaction, or the rejection of one that is none. Flink's POJO.
 */
public class Arrival {
  public Transaction transaction;
  public Rejection rejection;

  static Arrival of(Transaction transaction) {
    Arrival arrival = new Arrival();
    arrival.transaction = transaction;
    return arrival;
  }

  static Arrival of(Rejection rejection) {
    Arrival arrival = new Arrival();
    arrival.rejection = rejection;
    return arrival;
  }

  /** Event time; of what is no transaction the one that moves no watermark. */
  long timeMs() {
    return transaction == null ? Long.MIN_VALUE : transaction.timeMs;
  }
}
