package io.fraudstream.features;

/**
 * What a key knew before an instant: the records of its ring that can be seen from there.
 *
 * <p>Records are looked at in the order of their insertion, index 0 being the oldest.
 */
final class Past {
  /** No ring has more records. */
  private static final int MOST = 64;

  private final int[] at = new int[MOST];
  private double[] ring;
  private int count;
  private double time;

  /** Looks from {@code time} back over the horizon. */
  void look(double[] ring, int width, double time) {
    this.ring = ring;
    this.time = time;
    this.count = Ring.visible(ring, width, time - Manifest.HORIZON_MS, time, at);
  }

  int size() {
    return count;
  }

  /** A number of a record: field 0 is its time. */
  double value(int index, int field) {
    return ring[at[index] + field];
  }

  /** True for a record of the last so many milliseconds. */
  boolean isWithin(int index, double windowMs) {
    return value(index, 0) >= time - windowMs;
  }

  /** Records of the window. */
  double count(double windowMs) {
    int found = 0;
    for (int index = 0; index < count; index++) if (isWithin(index, windowMs)) found++;
    return found;
  }

  /** Records of the window with this value in a field. */
  double countOf(double windowMs, int field, double value) {
    int found = 0;
    for (int index = 0; index < count; index++) {
      if (value(index, field) == value && isWithin(index, windowMs)) found++;
    }
    return found;
  }

  /** The sum of a field over the window: of whole numbers, so that the order does not matter. */
  double sum(double windowMs, int field) {
    double sum = 0;
    for (int index = 0; index < count; index++) {
      if (isWithin(index, windowMs)) sum += value(index, field);
    }
    return sum;
  }

  /** Different values of a field in the window, but for 0 and one that is left out. */
  double distinct(double windowMs, int field, double leftOut) {
    int found = 0;
    for (int index = 0; index < count; index++) {
      double value = value(index, field);
      if (value == 0 || value == leftOut || !isWithin(index, windowMs)) continue;
      if (!hasBefore(index, windowMs, field, value)) found++;
    }
    return found;
  }

  private boolean hasBefore(int end, double windowMs, int field, double value) {
    for (int index = 0; index < end; index++) {
      if (value(index, field) == value && isWithin(index, windowMs)) return true;
    }
    return false;
  }

  /** 1 or 0; NaN for an unknown value (0), or where no record has one. */
  double isNew(int field, double value) {
    if (value == 0) return Double.NaN;
    boolean hasAny = false;
    for (int index = 0; index < count; index++) {
      double seen = value(index, field);
      if (seen == value) return 0;
      if (seen != 0) hasAny = true;
    }
    return hasAny ? 1 : Double.NaN;
  }

  /** The index of the previous record with a value in a field (0: its time); -1 without one. */
  int previous(int field) {
    int found = -1;
    double latest = Double.NEGATIVE_INFINITY;
    for (int index = 0; index < count; index++) {
      double seen = value(index, 0);
      if (seen < latest || value(index, field) == 0) continue;
      latest = seen;
      found = index;
    }
    return found;
  }
}
