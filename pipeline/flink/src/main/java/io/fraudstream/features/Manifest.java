package io.fraudstream.features;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What defines the features, for every implementation: {@code fixtures/features/manifest.json},
 * which is packed into the jar.
 */
public final class Manifest {
  /** A feature as it is defined. {@code windowMs} is 0 where it looks at no span of time. */
  public record Definition(String name, String key, double windowMs) {
    /** Whether it looks at the days of its key. */
    boolean isOfDays() {
      return Arrays.stream(DAY_WINDOWS).anyMatch(days -> name.endsWith("_" + days + "d"));
    }
  }

  private static final byte[] BYTES = bytes();
  private static final JsonNode ROOT = root();

  /** The definitions in the order of the model. */
  public static final List<Definition> FEATURES = definitions();

  /** Features in a row. */
  public static final int WIDTH = FEATURES.size();

  /** Names one set of definitions: 16 hexadecimal digits of the SHA-256 of the manifest. */
  public static final String SPECIFICATION = specification();

  /** So long after its last transaction no feature looks at a key any more. */
  public static final int KEPT_DAYS = keptDays();

  static final double LABEL_DELAY_MS = ROOT.get("label_delay_ms").doubleValue();
  static final double PRIOR_FRAUDS = ROOT.get("risk_prior").get("frauds").doubleValue();
  static final double PRIOR_TRANSACTIONS = ROOT.get("risk_prior").get("transactions").doubleValue();

  /** Windows in days. */
  static final int[] DAY_WINDOWS = dayWindows();

  static final double HORIZON_MS = ROOT.get("horizon_ms").doubleValue();
  static final double EARTH_RADIUS_KM = ROOT.get("earth_radius_km").doubleValue();
  static final Map<String, Double> MINOR_PER_USD = numbers("minor_per_usd");
  static final Map<String, Double> UTC_OFFSET_MINUTES = numbers("utc_offset_minutes");

  private Manifest() {}

  /** How many transactions of a key are remembered. */
  static int ring(String name) {
    return ROOT.get("rings").get(name).intValue();
  }

  /** The places of a feature that is defined for each window of days. */
  static int[] windowPlaces(String name) {
    List<String> names = FEATURES.stream().map(Definition::name).toList();
    return Arrays.stream(DAY_WINDOWS).map(days -> names.indexOf(name + "_" + days + "d")).toArray();
  }

  private static int keptDays() {
    int most = 0;
    for (JsonNode days : ROOT.get("kept_days")) most = Math.max(most, days.intValue());
    return most;
  }

  private static int[] dayWindows() {
    JsonNode windows = ROOT.get("day_windows");
    return IntStream.range(0, windows.size()).map(at -> windows.get(at).intValue()).toArray();
  }

  /** The number of each code of a field. */
  static Map<String, Integer> codes(String field) {
    Map<String, Integer> numbers = new HashMap<>();
    for (JsonNode code : ROOT.get("codes").get(field)) {
      numbers.put(code.textValue(), numbers.size());
    }
    return numbers;
  }

  /** Unit vectors of the middles of countries, by code. */
  static Map<String, double[]> positions() {
    Map<String, double[]> positions = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : ROOT.get("positions").properties()) {
      JsonNode at = entry.getValue();
      double[] vector = {at.get(0).doubleValue(), at.get(1).doubleValue(), at.get(2).doubleValue()};
      positions.put(entry.getKey(), vector);
    }
    return positions;
  }

  private static List<Definition> definitions() {
    List<Definition> definitions = new ArrayList<>();
    for (JsonNode feature : ROOT.get("features")) {
      String name = feature.get("name").textValue();
      double windowMs = feature.get("window_ms").doubleValue();
      definitions.add(new Definition(name, feature.get("key").textValue(), windowMs));
    }
    return List.copyOf(definitions);
  }

  private static Map<String, Double> numbers(String table) {
    Map<String, Double> numbers = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : ROOT.get(table).properties()) {
      numbers.put(entry.getKey(), entry.getValue().doubleValue());
    }
    return numbers;
  }

  private static byte[] bytes() {
    try (InputStream file = Manifest.class.getResourceAsStream("/features/manifest.json")) {
      if (file == null) {
        throw new IllegalStateException(
            "features/manifest.json is not in the jar. Build it again.");
      }
      return file.readAllBytes();
    } catch (IOException cause) {
      throw new UncheckedIOException("features/manifest.json in the jar cannot be read.", cause);
    }
  }

  private static JsonNode root() {
    try {
      return new ObjectMapper().readTree(BYTES);
    } catch (IOException cause) {
      throw new UncheckedIOException("features/manifest.json in the jar is no JSON.", cause);
    }
  }

  private static String specification() {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(BYTES);
      return HexFormat.of().formatHex(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException cause) {
      throw new IllegalStateException(
          "This Java has no SHA-256, which every Java must have.", cause);
    }
  }
}
