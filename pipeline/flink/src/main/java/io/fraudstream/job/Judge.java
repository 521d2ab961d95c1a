package io.fraudstream.job;

import io.fraudstream.contract.ContractFiles;
import io.fraudstream.contract.VerdictForm;
import io.fraudstream.contract.codecs.Misfit;
import io.fraudstream.records.Instants;
import io.fraudstream.records.Rejection;
import io.fraudstream.records.Verdict;
import io.fraudstream.scoring.Candidate;
import io.fraudstream.scoring.Outcome;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Makes a verdict of each outcome. What got no score has a verdict with an error, as the CLI's
 * engine writes it, and goes to the rejections with its bytes.
 */
final class Judge extends ProcessFunction<Outcome, Line> {
  private static final long serialVersionUID = 2;

  private final double threshold;
  private final String modelVersion;
  private final boolean withFeatures;
  private final ContractFiles contract;
  private transient VerdictForm form;

  /**
   * {@code modelVersion} null writes what the endpoint says, {@code contract} null the form of
   * fraudstream.
   */
  Judge(double threshold, String modelVersion, boolean withFeatures, ContractFiles contract) {
    this.contract = contract;
    this.threshold = threshold;
    this.modelVersion = modelVersion;
    this.withFeatures = withFeatures;
  }

  @Override
  public void open(OpenContext context) {
    if (contract != null) form = contract.compile().verdicts();
  }

  @Override
  public void processElement(Outcome outcome, Context context, Collector<Line> out) {
    if (outcome.error != null) context.output(Enrich.REJECTIONS, rejection(outcome));
    try {
      byte[] line = form == null ? verdict(outcome).bytes() : form.write(subject(outcome));
      // Of a pipeline that sends alerts only, most are not written.
      if (line != null) out.collect(Line.of(outcome.candidate.cardId, line));
    } catch (Misfit misfit) {
      context.output(Enrich.REJECTIONS, unwritten(outcome, misfit.getMessage()));
    }
  }

  /** A verdict with a value that its schema does not take, such as an id that is no UUID. */
  private static Rejection unwritten(Outcome outcome, String reason) {
    Rejection rejection = rejection(outcome);
    rejection.end = "unwritten";
    rejection.error = "bad_data";
    rejection.reason = reason;
    return rejection;
  }

  private VerdictForm.Subject subject(Outcome outcome) {
    Candidate candidate = outcome.candidate;
    return new VerdictForm.Subject(
        candidate.transactionId,
        candidate.cardId,
        Instants.read(candidate.eventTime),
        outcome.settledAt,
        outcome.score,
        outcome.score >= threshold,
        outcome.error,
        modelVersion == null ? outcome.modelVersion : modelVersion,
        form.hasFeatures() ? candidate.features : null);
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
