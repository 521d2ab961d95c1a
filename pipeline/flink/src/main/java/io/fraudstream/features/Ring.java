package io.fraudstream.features;

import java.util.Arrays;

/**
 * The last records of a key, as numbers; the first of a record is its time in epoch milliseconds.
 *
 * <pre>
 * index           meaning
 * 0               how many records were ever inserted
 * 1               the newest time
 * 2 + r * width   record r; the capacity doubles up to the most that are remembered
 * </pre>
 */
final class Ring {
  private static final int HEAD = 2;
  private static final int FIRST_CAPACITY = 2;

  private Ring() {}

  /** Whether a time lies before the newest of the ring. */
  static boolean isLate(double[] ring, double time) {
    return ring != null && time < ring[1];
  }

  /** The ring with a new record, its time written: {@link #newest} says where. */
  static double[] insert(double[] ring, int width, int most, double time) {
    double[] grown =
        ring == null ? new double[HEAD + FIRST_CAPACITY * width] : grown(ring, width, most);
    grown[1] = ring == null ? time : Math.max(time, ring[1]);
    grown[0] += 1;
    grown[newest(grown, width)] = time;
    return grown;
  }

  /** Records that were ever inserted. */
  static long inserted(double[] ring) {
    return (long) ring[0];
  }

  /** Records that are stored. */
  static int stored(double[] ring, int width) {
    return ring == null ? 0 : (int) Math.min(ring[0], capacity(ring, width));
  }

  /** Where a stored record stands, counted in the order of insertion. */
  static int at(double[] ring, int width, int index) {
    int capacity = capacity(ring, width);
    int oldest = ring[0] > capacity ? (int) (ring[0] % capacity) : 0;
    return HEAD + (oldest + index) % capacity * width;
  }

  /** Where the stored record with this time stands; -1 without one. */
  static int find(double[] ring, int width, double time) {
    for (int index = stored(ring, width) - 1; index >= 0; index--) {
      int at = at(ring, width, index);
      if (ring[at] == time) return at;
    }
    return -1;
  }

  /** Where the record stands that was inserted last. */
  static int newest(double[] ring, int width) {
    return HEAD + (int) ((ring[0] - 1) % capacity(ring, width)) * width;
  }

  /**
   * Where the records stand that lie before {@code before} and not before {@code from}, in the
   * order of their insertion; says how many.
   */
  static int visible(double[] ring, int width, double from, double before, int[] into) {
    if (ring == null) return 0;
    int capacity = capacity(ring, width);
    int stored = stored(ring, width);
    int record = ring[0] > capacity ? (int) (ring[0] % capacity) : 0;
    int found = 0;
    for (int turn = 0; turn < stored; turn++) {
      int at = HEAD + record * width;
      if (ring[at] >= from && ring[at] < before) into[found++] = at;
      record = record + 1 == capacity ? 0 : record + 1;
    }
    return found;
  }

  private static int capacity(double[] ring, int width) {
    return (ring.length - HEAD) / width;
  }

  /** A full ring began at the oldest: it grows before it turns. */
  private static double[] grown(double[] ring, int width, int most) {
    int capacity = capacity(ring, width);
    if (ring[0] < capacity || capacity >= most) return ring;
    return Arrays.copyOf(ring, HEAD + Math.min(most, capacity * 2) * width);
  }
}
