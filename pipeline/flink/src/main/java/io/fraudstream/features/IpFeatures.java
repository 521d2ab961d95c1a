package io.fraudstream.features;

import java.util.List;
import java.util.Map;

/** The features of an address's past. Not for two threads at once. */
public final class IpFeatures {
  /** The record of a transaction in the ring: places of its numbers. */
  private static final int CARD = 1;

  private static final int IS_DECLINED = 2;
  private static final int WIDTH = 3;
  private static final int MOST = Manifest.ring("ip");

  private static final PastFeature CARDS =
      (past, facts, windowMs) -> past.distinct(windowMs, CARD, facts.card);
  private static final List<IndexedFeature<PastFeature>> FEATURES =
      IndexedFeature.all(
          "ip",
          Map.of(
              "ip_count_1h",
              (past, facts, windowMs) -> past.count(windowMs),
              "ip_cards_1h",
              CARDS,
              "ip_cards_24h",
              CARDS,
              "ip_declines_1h",
              (past, facts, windowMs) -> past.countOf(windowMs, IS_DECLINED, 1)));

  private static final int MOST_DAYS = Manifest.ring("ip_days");
  private static final int[] COUNTS = Manifest.windowPlaces("ip_count");

  private final Past past = new Past();
  private final double[] counts = new double[Days.WINDOWS];

  /** Writes the features into their places of the row. */
  public void write(KeyPast known, Facts facts, float[] row) {
    Days.sum(known.days, Days.WIDTH, Days.COUNT, Days.of(facts.time), counts);
    for (int window = 0; window < Days.WINDOWS; window++) {
      row[COUNTS[window]] = (float) counts[window];
    }
    past.look(known.recent, WIDTH, facts.time);
    for (IndexedFeature<PastFeature> feature : FEATURES) {
      row[feature.index()] = (float) feature.of().of(past, facts, feature.windowMs());
    }
  }

  /** Writes that they are missing: the transaction has no address. */
  public static void writeMissing(float[] row) {
    for (IndexedFeature<PastFeature> feature : FEATURES) row[feature.index()] = Float.NaN;
    for (int index : COUNTS) row[index] = Float.NaN;
  }

  /** Takes the transaction in. */
  public static void remember(KeyPast known, Facts facts) {
    known.days = Days.counted(known.days, MOST_DAYS, Days.of(facts.time));
    known.recent = inserted(known.recent, facts);
  }

  private static double[] inserted(double[] ring, Facts facts) {
    double[] grown = Ring.insert(ring, WIDTH, MOST, facts.time);
    int at = Ring.newest(grown, WIDTH);
    grown[at + CARD] = facts.card;
    grown[at + IS_DECLINED] = facts.isDeclined ? 1 : 0;
    return grown;
  }
}
