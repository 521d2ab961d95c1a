package io.fraudstream.scoring;

import java.io.Serializable;

/**
 * How transactions are scored, in the words of Flink's Async I/O.
 *
 * @param capacity requests under way in a subtask
 * @param timeoutMs the whole life of a transaction in the scoring, its retries included; a time
 *     during which the breaker makes it wait does not count
 * @param batchRows transactions in a request, at most
 * @param lingerMs how long a transaction waits for others to share a request with
 * @param policy what becomes of a transaction while the breaker is open
 * @param patienceMs how long it waits for the breaker, at most
 * @param scorePointer where a JSON answer has its scores; null tries the known places
 */
public record ScoreSettings(
    int capacity,
    long timeoutMs,
    int batchRows,
    long lingerMs,
    Policy policy,
    long patienceMs,
    RequestForm form,
    String scorePointer)
    implements Serializable {
  /** What becomes of a transaction while the breaker is open. */
  public enum Policy {
    /** It waits, and with it the stream: nothing is lost, verdicts come late. */
    WAIT,
    /** Rules score it at once. */
    RULES,
    /** It is rejected at once. */
    REJECT
  }

  /** After so long every transaction has an outcome. */
  public long longestLifeMs() {
    return timeoutMs + (policy == Policy.WAIT ? patienceMs : 0);
  }
}
