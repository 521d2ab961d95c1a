package io.fraudstream.features;

import io.fraudstream.records.Transaction;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The features that read the transaction alone. */
public final class OwnFeatures {
  private static final double MS_PER_MINUTE = 60_000;
  private static final double MS_PER_HOUR = 3_600_000;
  private static final double MS_PER_DAY = 86_400_000;

  /** The first of January 1970 was a Thursday: three days after Monday. */
  private static final int FIRST_WEEKDAY = 3;

  @FunctionalInterface
  private interface Feature {
    double of(Transaction transaction, Facts facts);
  }

  private static final List<IndexedFeature<Feature>> FEATURES = IndexedFeature.all("none", known());

  private OwnFeatures() {}

  /** Writes them into their places of the row. */
  public static void write(Transaction transaction, Facts facts, float[] row) {
    for (IndexedFeature<Feature> feature : FEATURES) {
      row[feature.index()] = (float) feature.of().of(transaction, facts);
    }
  }

  private static Map<String, Feature> known() {
    Map<String, Feature> known = new HashMap<>();
    known.put("amount_usd", (transaction, facts) -> facts.amount / facts.rate);
    known.put("mcc", (transaction, facts) -> facts.mcc);
    known.put("type", coded("type", transaction -> transaction.type));
    known.put("channel", coded("channel", transaction -> transaction.channel));
    known.put("entry_mode", (transaction, facts) -> number(transaction.posEntryMode));
    known.put("card_present", (transaction, facts) -> yesOrNo(transaction.cardPresent));
    known.put("three_ds", coded("three_ds", transaction -> transaction.threeDs));
    known.put("avs_result", coded("avs_result", transaction -> transaction.avsResult));
    known.put("cvv_result", coded("cvv_result", transaction -> transaction.cvvResult));
    known.put("card_type", coded("card_type", transaction -> transaction.cardType));
    known.put("account_age_days", (transaction, facts) -> known(transaction.accountAgeDays));
    known.put("hour_local", (transaction, facts) -> hour(localMs(transaction)));
    known.put("weekday_local", (transaction, facts) -> weekday(localMs(transaction)));
    known.put("abroad", (transaction, facts) -> differ(facts.cardCountry, facts.merchantCountry));
    known.put("ip_class", (transaction, facts) -> facts.ipKind);
    known.put("ip_not_of_card", (transaction, facts) -> differ(facts.ipCountry, facts.cardCountry));
    known.put(
        "ip_not_of_merchant",
        (transaction, facts) -> differ(facts.ipCountry, facts.merchantCountry));
    return known;
  }

  private static Feature coded(String field, Function<Transaction, String> code) {
    Map<String, Integer> numbers = Manifest.codes(field);
    return (transaction, facts) -> {
      Integer number = numbers.get(code.apply(transaction));
      return number == null ? Double.NaN : number;
    };
  }

  private static double number(String digits) {
    return digits == null ? Double.NaN : Integer.parseInt(digits);
  }

  private static double known(Double number) {
    return number == null ? Double.NaN : number;
  }

  private static double yesOrNo(Boolean value) {
    if (value == null) return Double.NaN;
    return value ? 1 : 0;
  }

  private static double localMs(Transaction transaction) {
    Double minutes = Manifest.UTC_OFFSET_MINUTES.get(transaction.cardCountry);
    return minutes == null ? Double.NaN : transaction.timeMs + minutes * MS_PER_MINUTE;
  }

  private static double hour(double localMs) {
    return Math.floor(localMs / MS_PER_HOUR) % 24;
  }

  private static double weekday(double localMs) {
    return (Math.floor(localMs / MS_PER_DAY) + FIRST_WEEKDAY) % 7;
  }

  /** 1 where two countries differ, NaN where one is unknown. */
  private static double differ(double one, double other) {
    if (one == 0 || other == 0) return Double.NaN;
    return one == other ? 0 : 1;
  }
}
