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
  private static final int MERCHANT_COUNTRY = 7;
  private static final int PRESENT_COUNTRY = 8;
  private static final int IS_DECLINED = 9;
  private static final int WIDTH = 10;

  private static final int MOST = Manifest.ring("card");

  private static final List<IndexedFeature<PastFeature>> FEATURES =
      IndexedFeature.all("card", known());

  private final Past past = new Past();
  private final CardDays days = new CardDays();

  /** Writes the features into their places of the row. */
  public void write(KeyPast known, Facts facts, float[] row) {
    days.write(known.days, facts, row);
    past.look(known.recent, WIDTH, facts.time);
    for (IndexedFeature<PastFeature> feature : FEATURES) {
      row[feature.index()] = (float) feature.of().of(past, facts, feature.windowMs());
    }
  }

  /** Takes the transaction in. */
  public static void remember(KeyPast known, Facts facts) {
    known.days = CardDays.remember(known.days, facts);
    known.recent = inserted(known.recent, facts);
  }

  private static double[] inserted(double[] ring, Facts facts) {
    double[] grown = Ring.insert(ring, WIDTH, MOST, facts.time);
    int at = Ring.newest(grown, WIDTH);
    grown[at + AMOUNT] = facts.amount;
    grown[at + MERCHANT] = facts.merchant;
    grown[at + DEVICE] = facts.device;
    grown[at + NETWORK] = facts.network;
    grown[at + IP_COUNTRY] = facts.ipCountry;
    grown[at + MCC] = facts.mcc;
    grown[at + MERCHANT_COUNTRY] = facts.merchantCountry;
    grown[at + PRESENT_COUNTRY] = facts.presentCountry;
    grown[at + IS_DECLINED] = facts.isDeclined ? 1 : 0;
    return grown;
  }

  private static Map<String, PastFeature> known() {
    Map<String, PastFeature> known = new HashMap<>();
    PastFeature count = (past, facts, windowMs) -> past.count(windowMs);
    known.put("card_count_10m", count);
    known.put("card_count_1h", count);
    known.put("card_count_24h", count);
    known.put("card_sum_24h", (past, facts, windowMs) -> past.sum(windowMs, AMOUNT) / facts.rate);
    known.put(
        "card_declines_24h", (past, facts, windowMs) -> past.countOf(windowMs, IS_DECLINED, 1));
    known.put("card_seconds_since_previous", (past, facts, windowMs) -> secondsSince(past, facts));
    known.put(
        "card_merchants_24h", (past, facts, windowMs) -> past.distinct(windowMs, MERCHANT, 0));
    known.put("card_same_mcc_1h", CardFeatures::sameMcc);
    known.put("card_merchant_is_new", (past, facts, windowMs) -> merchantIsNew(past, facts));
    known.put("card_device_is_new", (past, facts, windowMs) -> past.isNew(DEVICE, facts.device));
    known.put("card_network_is_new", (past, facts, windowMs) -> past.isNew(NETWORK, facts.network));
    known.put(
        "card_country_is_new",
        (past, facts, windowMs) -> past.isNew(MERCHANT_COUNTRY, facts.merchantCountry));
    known.put(
        "card_ip_distance_km",
        (past, facts, windowMs) -> distance(past, IP_COUNTRY, facts.ipCountry));
    known.put(
        "card_present_distance_km",
        (past, facts, windowMs) -> distance(past, PRESENT_COUNTRY, facts.presentCountry));
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

  private static double sameMcc(Past past, Facts facts, double windowMs) {
    return Double.isNaN(facts.mcc) ? Double.NaN : past.countOf(windowMs, MCC, facts.mcc);
  }

  /** Unlike a device, a merchant that was never told counts as another one. */
  private static double merchantIsNew(Past past, Facts facts) {
    if (facts.merchant == 0 || past.size() == 0) return Double.NaN;
    return past.isNew(MERCHANT, facts.merchant) == 0 ? 0 : 1;
  }

  private static double distance(Past past, int field, double to) {
    int previous = to == 0 ? -1 : past.previous(field);
    return previous < 0 ? Double.NaN : Positions.distanceKm(past.value(previous, field), to);
  }

  private static double speed(Past past, int field, double to, double time) {
    int previous = to == 0 ? -1 : past.previous(field);
    if (previous < 0) return Double.NaN;
    double ms = time - past.value(previous, 0);
    return Positions.speedKmh(past.value(previous, field), to, ms);
  }
}
