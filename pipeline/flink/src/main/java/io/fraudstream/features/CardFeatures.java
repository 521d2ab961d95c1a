package io.fraudstream.features;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The features of a card's past. Not for two threads at once. */
public final class CardFeatures {
  /** The record of a transaction in the ring: places of its numbers. */
  private static final int AMOUNT = 1;

  private static final int MERCHANT = 2;
  private static final int DEVICE = 3;
  private static final int NETWORK = 4;
  private static final int IP_COUNTRY = 5;
  private static final int MCC = 6;
  private static final int PRESENT_COUNTRY = 7;
  private static final int IS_DECLINED = 8;
  private static final int WIDTH = 9;

  private static final int MOST = Manifest.ring("card");

  /** From so many amounts on there is a usual one. */
  private static final int LEAST_USUAL = 3;

  /** A card that always spends the same is allowed this share of it as its deviation. */
  private static final double LEAST_DEVIATION = 0.05;

  private static final List<Placed<PastFeature>> FEATURES = Placed.all("card", known());

  private final Past past = new Past();

  /** Writes the features into their places of the row. {@code ring} is null for a new card. */
  public void write(double[] ring, Facts facts, float[] row) {
    past.look(ring, WIDTH, facts.time);
    for (Placed<PastFeature> feature : FEATURES) {
      row[feature.place()] = (float) feature.of().of(past, facts, feature.windowMs());
    }
  }

  /** The ring with the transaction in it. */
  public static double[] remember(double[] ring, Facts facts) {
    double[] grown = Ring.insert(ring, WIDTH, MOST, facts.time);
    int at = Ring.newest(grown, WIDTH);
    grown[at + AMOUNT] = facts.amount;
    grown[at + MERCHANT] = facts.merchant;
    grown[at + DEVICE] = facts.device;
    grown[at + NETWORK] = facts.network;
    grown[at + IP_COUNTRY] = facts.ipCountry;
    grown[at + MCC] = facts.mcc;
    grown[at + PRESENT_COUNTRY] = facts.presentCountry;
    grown[at + IS_DECLINED] = facts.isDeclined ? 1 : 0;
    return grown;
  }

  /** Whether the transaction is older than the newest one of its card. */
  public static boolean isLate(double[] ring, Facts facts) {
    return Ring.isLate(ring, facts.time);
  }

  private static Map<String, PastFeature> known() {
    Map<String, PastFeature> known = new HashMap<>();
    PastFeature count = (past, facts, windowMs) -> past.count(windowMs);
    known.put("card_count_10m", count);
    known.put("card_count_1h", count);
    known.put("card_count_24h", count);
    known.put("card_count_7d", count);
    known.put("card_sum_24h", (past, facts, windowMs) -> past.sum(windowMs, AMOUNT) / facts.rate);
    known.put(
        "card_declines_24h", (past, facts, windowMs) -> past.countOf(windowMs, IS_DECLINED, 1));
    known.put("card_seconds_since_previous", (past, facts, windowMs) -> secondsSince(past, facts));
    known.put("card_amount_ratio", CardFeatures::ratio);
    known.put("card_amount_z", CardFeatures::deviations);
    known.put(
        "card_merchants_24h", (past, facts, windowMs) -> past.distinct(windowMs, MERCHANT, 0));
    known.put("card_same_mcc_1h", CardFeatures::sameMcc);
    known.put("card_merchant_is_new", (past, facts, windowMs) -> merchantIsNew(past, facts));
    known.put("card_device_is_new", (past, facts, windowMs) -> past.isNew(DEVICE, facts.device));
    known.put("card_network_is_new", (past, facts, windowMs) -> past.isNew(NETWORK, facts.network));
    known.put(
        "card_ip_speed_kmh",
        (past, facts, windowMs) -> speed(past, IP_COUNTRY, facts.ipCountry, facts.time));
    known.put(
        "card_present_speed_kmh",
        (past, facts, windowMs) -> speed(past, PRESENT_COUNTRY, facts.presentCountry, facts.time));
    return known;
  }

  private static double secondsSince(Past past, Facts facts) {
    int previous = past.previous(0);
    return previous < 0 ? Double.NaN : (facts.time - past.value(previous, 0)) / 1000;
  }

  private static double ratio(Past past, Facts facts, double windowMs) {
    double sum = past.sum(windowMs, AMOUNT);
    return sum == 0 ? Double.NaN : facts.amount * past.size() / sum;
  }

  private static double deviations(Past past, Facts facts, double windowMs) {
    int count = past.size();
    if (count < LEAST_USUAL) return Double.NaN;
    double mean = past.sum(windowMs, AMOUNT) / count;
    double squares = 0;
    for (int place = 0; place < count; place++) {
      double off = past.value(place, AMOUNT) - mean;
      squares += off * off;
    }
    double deviation = Math.max(Math.sqrt(squares / count), mean * LEAST_DEVIATION);
    return deviation == 0 ? Double.NaN : (facts.amount - mean) / deviation;
  }

  private static double sameMcc(Past past, Facts facts, double windowMs) {
    return Double.isNaN(facts.mcc) ? Double.NaN : past.countOf(windowMs, MCC, facts.mcc);
  }

  /** Unlike a device, a merchant that was never told counts as another one. */
  private static double merchantIsNew(Past past, Facts facts) {
    if (facts.merchant == 0 || past.size() == 0) return Double.NaN;
    return past.isNew(MERCHANT, facts.merchant) == 0 ? 0 : 1;
  }

  private static double speed(Past past, int field, double to, double time) {
    int previous = to == 0 ? -1 : past.previous(field);
    if (previous < 0) return Double.NaN;
    double ms = time - past.value(previous, 0);
    return Positions.speedKmh(past.value(previous, field), to, ms);
  }
}
