package io.fraudstream.scoring;

import io.fraudstream.features.Manifest;
import java.util.List;

/**
 * A score without a model, for while the endpoint is down: the strongest of a few plain signs.
 *
 * <p>It is coarse by intent: what anybody can explain, and what never needs the network.
 */
final class Rules {
  static final String VERSION = "rules-1";

  private record Rule(int index, double atLeast, double score) {}

  private static final List<Rule> RULES =
      List.of(
          rule("card_ip_speed_kmh", 2000, 0.8),
          rule("card_present_speed_kmh", 2000, 0.9),
          rule("card_count_10m", 6, 0.8),
          rule("ip_cards_1h", 5, 0.9),
          rule("merchant_same_bin_10m", 8, 0.7),
          rule("card_declines_24h", 4, 0.6),
          rule("card_amount_z_30d", 8, 0.6));

  private Rules() {}

  /** From 0 to 1; a missing feature is no sign. */
  static double score(float[] features) {
    double strongest = 0;
    for (Rule rule : RULES) {
      if (features[rule.index] >= rule.atLeast) strongest = Math.max(strongest, rule.score);
    }
    return strongest;
  }

  private static Rule rule(String feature, double atLeast, double score) {
    List<String> names = Manifest.FEATURES.stream().map(Manifest.Definition::name).toList();
    int index = names.indexOf(feature);
    if (index >= 0) return new Rule(index, atLeast, score);
    throw new IllegalStateException("A rule reads " + feature + ", which is no feature.");
  }
}
