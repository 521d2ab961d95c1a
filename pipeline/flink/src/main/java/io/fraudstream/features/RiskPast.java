package io.fraudstream.features;

/**
 * The days of a merchant or a terminal, and those of the frauds that were reported of it; null
 * while empty.
 *
 * <p>Public fields and an empty constructor: Flink's POJO, whose state survives new fields.
 */
public class RiskPast {
  public double[] days;
  public double[] reports;

  /** Takes in a fraud that was reported at this instant. */
  public void report(double reportedAtMs) {
    reports = Days.counted(reports, RiskFeatures.MOST_REPORTS, Days.of(reportedAtMs));
  }

  /** Takes a transaction in. */
  public void remember(Facts facts) {
    days = Days.counted(days, RiskFeatures.MOST_DAYS, Days.of(facts.time));
  }
}
