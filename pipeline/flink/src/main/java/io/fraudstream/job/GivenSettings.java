package io.fraudstream.job;

import com.amazonaws.services.kinesisanalytics.runtime.KinesisAnalyticsRuntime;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;

/**
 * The settings that somebody gave: the property groups of Managed Service for Apache Flink, and the
 * arguments {@code --name value} of the command line, which win.
 *
 * <p>All groups count as one, so that they can be divided as it pleases: names are unique.
 */
final class GivenSettings {
  /** Where Managed Service for Apache Flink puts them. Source: its developer guide. */
  private static final Path PROPERTY_GROUPS = Path.of("/etc/flink/application_properties.json");

  private GivenSettings() {}

  /** Errors: {@link IllegalArgumentException} for an argument that is no pair. */
  static Map<String, String> of(String[] arguments) {
    return of(PROPERTY_GROUPS, arguments);
  }

  /** The same with the property groups of another file. */
  static Map<String, String> of(Path propertyGroups, String[] arguments) {
    Map<String, String> given = propertyGroups(propertyGroups);
    for (int at = 0; at < arguments.length; at += 2) {
      boolean isPair = arguments[at].startsWith("--") && at + 1 < arguments.length;
      if (!isPair) {
        throw new IllegalArgumentException(
            "Arguments are pairs such as --capacity 100, not \"" + arguments[at] + "\".");
      }
      given.put(arguments[at].substring(2), arguments[at + 1]);
    }
    return given;
  }

  private static Map<String, String> propertyGroups(Path file) {
    Map<String, String> given = new HashMap<>();
    if (!Files.exists(file)) return given;
    try {
      Map<String, Properties> groups =
          KinesisAnalyticsRuntime.getApplicationProperties(file.toString());
      for (Properties group : groups.values()) {
        group.forEach((name, value) -> given.put((String) name, (String) value));
      }
      return given;
    } catch (IOException cause) {
      throw new UncheckedIOException(
          "The property groups of the application cannot be read.", cause);
    }
  }
}
