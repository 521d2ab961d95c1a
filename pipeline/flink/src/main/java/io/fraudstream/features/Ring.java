package io.fraudstream.features;

import java.util.Arrays;

/**
 * The last records of a key, as numbers; the first of a record is its time in epoch milliseconds.
 *
 * <pre>
 * place           meaning
 * 0               how many records were ever inserted
 * 1               the newest time
 * 2 + r * width   record r; room doubles up to the most that are remembered
 * </pre>
 */
final class Ring {
  private static final int HEAD = 2;
  private static final int FIRST_ROOM = 2;

  private Ring() {}

  /** Whether a time lies before the newest of the ring. */
  static boolean isLate(double[] ring, double time) {
    return ring != null && time < ring[1];
  }

  /** The ring with a place for a new record, its time written: {@link #newest} says where. */
  static double[] insert(double[] ring, int width, int most, double time) {
    double[] grown =
        ring == null ? new double[HEAD + FIRST_ROOM * width] : grown(ring, width, most);
    grown[1] = ring == null ? time : Math.max(time, ring[1]);
    grown[0] += 1;
    grown[newest(grown, width)] = time;
    return grown;
  }

  /** Records that are stored. */
  static int stored(double[] ring, int width) {
    return ring == null ? 0 : (int) Math.min(ring[0], room(ring, width));
  }

  /** Where a stored record stands, counted in the order of insertion. */
  static int at(double[] ring, int width, int place) {
    int room = room(ring, width);
    int oldest = ring[0] > room ? (int) (ring[0] % room) : 0;
    return HEAD + (oldest + place) % room * width;
  }

  /** Where the stored record with this time stands; -1 without one. */
  static int find(double[] ring, int width, double time) {
    for (int place = stored(ring, width) - 1; place >= 0; place--) {
      int at = at(ring, width, place);
      if (ring[at] == time) return at;
    }
    return -1;
  }

  /** Where the record stands that was inserted last. */
  static int newest(double[] ring, int width) {
    return HEAD + (int) ((ring[0] - 1) % room(ring, width)) * width;
  }

  /**
   * Where the records stand that lie before {@code before} and not before {@code from}, in the
   * order of their insertion; says how many.
   */
  static int visible(double[] ring, int width, double from, double before, int[] into) {
    if (ring == null) return 0;
    int room = room(ring, width);
    int held = (int) Math.min(ring[0], room);
    int record = ring[0] > room ? (int) (ring[0] % room) : 0;
    int found = 0;
    for (int turn = 0; turn < held; turn++) {
      int at = HEAD + record * width;
      if (ring[at] >= from && ring[at] < before) into[found++] = at;
      record = record + 1 == room ? 0 : record + 1;
    }
    return found;
  }

  private static int room(double[] ring, int width) {
    return (ring.length - HEAD) / width;
  }

  /** A full ring began at the oldest: it grows before it turns. */
  private static double[] grown(double[] ring, int width, int most) {
    int room = room(ring, width);
    if (ring[0] < room || room >= most) return ring;
    return Arrays.copyOf(ring, HEAD + Math.min(most, room * 2) * width);
  }
}
