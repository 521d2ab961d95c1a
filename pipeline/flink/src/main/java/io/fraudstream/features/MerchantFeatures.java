package io.fraudstream.features;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The features of a merchant's past. Not for two threads at once. */
public final class MerchantFeatures {
  @FunctionalInterface
  private interface Feature {
    double of(MerchantFeatures seen, Facts facts, double windowMs);
  }

  private static final List<IndexedFeature<Feature>> FEATURES =
      IndexedFeature.all("merchant", known());

  private final Past all = new Past();
  private final Past refunds = new Past();
  private final Past rounds = new Past();
  private final RiskFeatures risk = RiskFeatures.ofMerchants();

  /** Writes the features into their places of the row. */
  public void write(MerchantPast past, Facts facts, float[] row) {
    all.look(past.all, MerchantPast.WIDTH, facts.time);
    refunds.look(past.refunds, MerchantPast.TIME_ALONE, facts.time);
    rounds.look(past.rounds, MerchantPast.TIME_ALONE, facts.time);
    risk.write(past.risk, facts, row);
    for (IndexedFeature<Feature> feature : FEATURES) {
      row[feature.index()] = (float) feature.of().of(this, facts, feature.windowMs());
    }
  }

  /** Writes that they are missing: the transaction names no merchant. */
  public void writeMissing(float[] row) {
    risk.writeMissing(row);
    for (IndexedFeature<Feature> feature : FEATURES) row[feature.index()] = Float.NaN;
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
    return known;
  }
}
