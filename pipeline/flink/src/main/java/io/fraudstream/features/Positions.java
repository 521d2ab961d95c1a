package io.fraudstream.features;

import java.util.HashMap;
import java.util.Map;

/** Countries as numbers, and how fast somebody went from one to another. */
final class Positions {
  private static final double MS_PER_HOUR = 3_600_000;

  /** Two transactions are never less than a minute apart when it comes to speed. */
  private static final double LEAST_HOURS = 1.0 / 60;

  private static final Map<Integer, double[]> POSITIONS = byNumber();

  private Positions() {}

  /** A number for each code of two letters; 0 for none. */
  static double countryNumber(String code) {
    return code == null ? 0 : code.charAt(0) * 256 + code.charAt(1);
  }

  /** km; NaN where a country has no position. */
  static double distanceKm(double from, double to) {
    if (from == to) return 0;
    double[] a = POSITIONS.get((int) from);
    double[] b = POSITIONS.get((int) to);
    if (a == null || b == null) return Double.NaN;
    double x = a[0] - b[0];
    double y = a[1] - b[1];
    double z = a[2] - b[2];
    return Manifest.EARTH_RADIUS_KM * Math.sqrt(x * x + y * y + z * z);
  }

  /** km/h; NaN where a country has no position. Units: {@code ms} milliseconds. */
  static double speedKmh(double from, double to, double ms) {
    if (from == to) return 0;
    return distanceKm(from, to) / Math.max(ms / MS_PER_HOUR, LEAST_HOURS);
  }

  private static Map<Integer, double[]> byNumber() {
    Map<Integer, double[]> positions = new HashMap<>();
    Manifest.positions().forEach((code, at) -> positions.put((int) countryNumber(code), at));
    return positions;
  }
}
