package io.fraudstream.features;

/** The features of the days of a merchant or a terminal. Not for two threads at once. */
public final class RiskFeatures {
  static final int MOST_DAYS = Manifest.ring("merchant_days");
  static final int MOST_REPORTS = Manifest.ring("merchant_reports");

  private final int[] counts;
  private final int[] risks;
  private final double[] known = new double[Days.WINDOWS];
  private final double[] sums = new double[Days.WINDOWS];

  private RiskFeatures(String key) {
    counts = Manifest.windowPlaces(key + "_count");
    risks = Manifest.windowPlaces(key + "_risk");
  }

  public static RiskFeatures ofMerchants() {
    return new RiskFeatures("merchant");
  }

  public static RiskFeatures ofTerminals() {
    return new RiskFeatures("terminal");
  }

  /** Writes the features into their places of the row. */
  public void write(RiskPast past, Facts facts, float[] row) {
    double day = Days.of(facts.time);
    Days.sum(past.days, Days.WIDTH, Days.COUNT, day, sums);
    for (int window = 0; window < Days.WINDOWS; window++) {
      row[counts[window]] = (float) sums[window];
    }
    double knownDay = Days.of(facts.time - Manifest.LABEL_DELAY_MS);
    Days.sum(past.days, Days.WIDTH, Days.COUNT, knownDay, known);
    Days.sum(past.reports, Days.WIDTH, Days.COUNT, day, sums);
    for (int window = 0; window < Days.WINDOWS; window++) {
      double frauds = sums[window] + Manifest.PRIOR_FRAUDS;
      row[risks[window]] = (float) (frauds / (known[window] + Manifest.PRIOR_TRANSACTIONS));
    }
  }

  /** Writes that they are missing. */
  public void writeMissing(float[] row) {
    for (int index : counts) row[index] = Float.NaN;
    for (int index : risks) row[index] = Float.NaN;
  }
}
