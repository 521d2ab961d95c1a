package io.fraudstream.job;

import io.fraudstream.records.Rejection;
import io.fraudstream.records.Verdict;
import io.fraudstream.scoring.Candidate;
import io.fraudstream.scoring.Outcome;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Makes a verdict of each outcome. What got no score has a verdict with an error, as the CLI's
 * engine writes it, and goes to the rejections with its bytes.
 */
final class Judge extends ProcessFunction<Outcome, Line> {
  private static final long serialVersionUID = 1;

  private final double threshold;
  private final String modelVersion;
  private final boolean withFeatures;

  /** {@code modelVersion} null writes what the endpoint says. */
  Judge(double threshold, String modelVersion, boolean withFeatures) {
    this.threshold = threshold;
    this.modelVersion = modelVersion;
    this.withFeatures = withFeatures;
  }

  @Override
  public void processElement(Outcome outcome, Context context, Collector<Line> out) {
    if (outcome.error != null) context.output(Enrich.REJECTIONS, rejection(outcome));
    out.collect(Line.of(outcome.candidate.cardId, verdict(outcome).line()));
  }

  private Verdict verdict(Outcome outcome) {
    Candidate candidate = outcome.candidate;
    return new Verdict(
        candidate.transactionId,
        candidate.cardId,
        candidate.eventTime,
        outcome.settledAt,
        outcome.score,
        threshold,
        modelVersion == null ? outcome.modelVersion : modelVersion,
        withFeatures ? candidate.features : null,
        outcome.error,
        outcome.attempts);
  }

  private static Rejection rejection(Outcome outcome) {
    Candidate candidate = outcome.candidate;
    Rejection rejection = new Rejection();
    rejection.transactionId = candidate.transactionId;
    rejection.cardId = candidate.cardId;
    rejection.eventTime = candidate.eventTime;
    rejection.rejectedAt = outcome.settledAt;
    rejection.end = outcome.attempts > 0 ? "failed" : "unscored";
    rejection.error = outcome.error;
    rejection.reason = outcome.reason;
    rejection.attempts = outcome.attempts;
    rejection.data = candidate.data;
    return rejection;
  }
}
