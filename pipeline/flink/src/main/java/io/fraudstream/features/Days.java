package io.fraudstream.features;

import java.util.Arrays;

/**
 * The days of a key: a {@link Ring} with a record for each day that was used, which begins with the
 * day of UTC since 1970 and its count.
 *
 * <p>Windows of N days are their last day and the N whole days before it; {@code Manifest} names
 * three of them.
 */
final class Days {
  private static final double DAY_MS = 86_400_000;
  static final int COUNT = 1;
  static final int WIDTH = 2;
  static final int WINDOWS = Manifest.DAY_WINDOWS.length;

  private Days() {}

  /** The day of an instant in epoch milliseconds. */
  static double of(double time) {
    return Math.floor(time / DAY_MS);
  }

  /** The ring with a record of this day; {@link #at} says where. */
  static double[] with(double[] ring, int width, int most, double day) {
    if (ring != null && Ring.find(ring, width, day) >= 0) return ring;
    double[] grown = Ring.insert(ring, width, most, day);
    int at = Ring.newest(grown, width);
    for (int field = 1; field < width; field++) grown[at + field] = 0;
    return grown;
  }

  /** Where the record of a day stands that the ring has. */
  static int at(double[] ring, int width, double day) {
    return Ring.find(ring, width, day);
  }

  /** The ring with one more counted on a day. */
  static double[] counted(double[] ring, int most, double day) {
    double[] counted = with(ring, WIDTH, most, day);
    counted[at(counted, WIDTH, day) + COUNT] += 1;
    return counted;
  }

  /** Adds up a field for each window that ends with a day, in the order of the ring. */
  static void sum(double[] ring, int width, int field, double lastDay, double[] into) {
    Arrays.fill(into, 0);
    int stored = Ring.stored(ring, width);
    for (int index = 0; index < stored; index++) {
      int at = Ring.at(ring, width, index);
      double age = lastDay - ring[at];
      if (age < 0) continue;
      for (int window = 0; window < WINDOWS; window++) {
        if (age <= Manifest.DAY_WINDOWS[window]) into[window] += ring[at + field];
      }
    }
  }
}
