package io.fraudstream.features;

/** The features of the days of a card. Not for two threads at once. */
final class CardDays {
  private static final int SUM = 2;
  private static final int SQUARES = 3;
  private static final int WIDTH = 4;
  private static final int MOST = Manifest.ring("card_days");

  /** From so many amounts on there is a usual one. */
  private static final int LEAST_USUAL = 3;

  /** A card that always spends the same is allowed this share of it as its deviation. */
  private static final double LEAST_DEVIATION = 0.05;

  private final int[] countPlaces = Manifest.windowPlaces("card_count");
  private final int[] meanPlaces = Manifest.windowPlaces("card_amount_mean");
  private final int[] deviationPlaces = Manifest.windowPlaces("card_amount_deviation");
  private final int[] zPlaces = Manifest.windowPlaces("card_amount_z");
  private final double[] counts = new double[Days.WINDOWS];
  private final double[] sums = new double[Days.WINDOWS];
  private final double[] squares = new double[Days.WINDOWS];

  void write(double[] days, Facts facts, float[] row) {
    double day = Days.of(facts.time);
    Days.sum(days, WIDTH, Days.COUNT, day, counts);
    Days.sum(days, WIDTH, SUM, day, sums);
    Days.sum(days, WIDTH, SQUARES, day, squares);
    for (int window = 0; window < Days.WINDOWS; window++) {
      double n = counts[window];
      // 0 / 0 is NaN: nothing was seen.
      double mean = sums[window] / n;
      double square = squares[window] / n - mean * mean;
      double deviation = n < LEAST_USUAL ? Double.NaN : Math.sqrt(Math.max(0, square));
      double usual = Math.max(deviation, mean * LEAST_DEVIATION);
      row[countPlaces[window]] = (float) n;
      row[meanPlaces[window]] = (float) (mean / facts.rate);
      row[deviationPlaces[window]] = (float) (deviation / facts.rate);
      row[zPlaces[window]] = usual == 0 ? Float.NaN : (float) ((facts.amount - mean) / usual);
    }
  }

  static double[] remember(double[] days, Facts facts) {
    double day = Days.of(facts.time);
    double[] ring = Days.with(days, WIDTH, MOST, day);
    int at = Days.at(ring, WIDTH, day);
    ring[at + Days.COUNT] += 1;
    ring[at + SUM] += facts.amount;
    ring[at + SQUARES] += facts.amount * facts.amount;
    return ring;
  }
}
