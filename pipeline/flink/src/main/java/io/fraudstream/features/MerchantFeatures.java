package io.fraudstream.features;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The features of a merchant's past. Not for two threads at once. */
public final class MerchantFeatures {
  /** What is believed of a merchant of whom nothing is known: two frauds in a thousand. */
  private static final double PRIOR_FRAUDS = 0.2;

  private static final double PRIOR_HANDLED = 100;

  @FunctionalInterface
  private interface Feature {
    double of(MerchantFeatures seen, Facts facts, double windowMs);
  }

  private static final List<Placed<Feature>> FEATURES = Placed.all("merchant", known());

  private final Past all = new Past();
  private final Past refunds = new Past();
  private final Past rounds = new Past();
  private double handled;
  private double frauds;

  /** Writes the features into their places of the row. */
  public void write(MerchantPast past, Facts facts, float[] row) {
    all.look(past.all, MerchantPast.WIDTH, facts.time);
    refunds.look(past.refunds, MerchantPast.TIME_ALONE, facts.time);
    rounds.look(past.rounds, MerchantPast.TIME_ALONE, facts.time);
    handled = Ring.inserted(past.all);
    frauds = past.frauds;
    for (Placed<Feature> feature : FEATURES) {
      row[feature.place()] = (float) feature.of().of(this, facts, feature.windowMs());
    }
  }

  /** Writes that they are missing: the transaction names no merchant. */
  public static void writeMissing(float[] row) {
    for (Placed<Feature> feature : FEATURES) row[feature.place()] = Float.NaN;
  }

  private static Map<String, Feature> known() {
    Map<String, Feature> known = new HashMap<>();
    known.put("merchant_count_10m", (seen, facts, windowMs) -> seen.all.count(windowMs));
    known.put(
        "merchant_declined_share_1h",
        // 0 / 0 is NaN: nothing was seen.
        (seen, facts, windowMs) ->
            MerchantPast.countDeclined(seen.all, windowMs) / seen.all.count(windowMs));
    known.put(
        "merchant_same_bin_10m",
        (seen, facts, windowMs) ->
            facts.bin == 0 ? Double.NaN : MerchantPast.countOfBin(seen.all, windowMs, facts.bin));
    known.put("merchant_refunds_48h", (seen, facts, windowMs) -> seen.refunds.count(windowMs));
    known.put("merchant_round_12h", (seen, facts, windowMs) -> seen.rounds.count(windowMs));
    known.put(
        "merchant_risk",
        (seen, facts, windowMs) -> (seen.frauds + PRIOR_FRAUDS) / (seen.handled + PRIOR_HANDLED));
    return known;
  }
}
