package io.fraudstream.scoring;

import java.util.function.Consumer;

/**
 * A transaction that waits for its score.
 *
 * <p>Units: {@code dueAt} milliseconds of the clock that stands still while the breaker is open,
 * {@code lastAt} of the one that does not.
 */
final class Row {
  final Candidate candidate;
  final long enteredAt;
  final long dueAt;
  final long lastAt;
  private final Consumer<Outcome> done;

  /** Requests that carried it. */
  int attempts;

  /** Those of its present batch: a half of a refused batch begins anew. */
  int batchAttempts;

  private boolean isSettled;
  Trouble trouble;

  Row(Candidate candidate, long enteredAt, long dueAt, long lastAt, Consumer<Outcome> done) {
    this.candidate = candidate;
    this.enteredAt = enteredAt;
    this.dueAt = dueAt;
    this.lastAt = lastAt;
    this.done = done;
  }

  void scored(double score, String modelVersion) {
    settle(Outcome.scored(candidate, score, modelVersion, attempts));
  }

  void failed(ErrorKind kind, String reason) {
    settle(Outcome.failed(candidate, kind, reason, attempts));
  }

  /** Once: a second outcome comes to nobody. */
  private void settle(Outcome outcome) {
    if (isSettled) return;
    isSettled = true;
    done.accept(outcome);
  }

  boolean isSettled() {
    return isSettled;
  }

  /** Given up: for what last went wrong, or for never having been sent. */
  void givenUp() {
    if (trouble != null) failed(trouble.kind(), trouble.reason());
    else failed(ErrorKind.DROPPED, "not sent before the timeout");
  }
}
