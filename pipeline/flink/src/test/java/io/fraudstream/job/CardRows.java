package io.fraudstream.job;

import io.fraudstream.features.CardFeatures;
import io.fraudstream.features.KeyPast;
import io.fraudstream.features.Manifest;
import io.fraudstream.scoring.Candidate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** What the features of cards must be, when each card's transactions come in their order. */
final class CardRows {
  static final int[] PLACES =
      IntStream.range(0, Manifest.WIDTH)
          .filter(place -> Manifest.FEATURES.get(place).key().equals("card"))
          .toArray();

  private CardRows() {}

  /** Rows by transaction. */
  static Map<String, float[]> of(List<String> lines) {
    Map<String, KeyPast> cards = new HashMap<>();
    Map<String, float[]> rows = new HashMap<>();
    CardFeatures features = new CardFeatures();
    for (String line : lines) {
      Candidate candidate = TestTransactions.candidate(line);
      KeyPast card = cards.computeIfAbsent(candidate.cardId, id -> new KeyPast());
      features.write(card, candidate.facts, candidate.features);
      CardFeatures.remember(card, candidate.facts);
      rows.put(candidate.transactionId, candidate.features);
    }
    return rows;
  }
}
