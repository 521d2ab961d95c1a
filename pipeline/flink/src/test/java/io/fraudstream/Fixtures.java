package io.fraudstream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The fixtures of the repository, which hold the CLI and this job to the same answers. */
public final class Fixtures {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Fixtures() {}

  public static Path path(String name) {
    return Path.of(System.getProperty("repository", "../.."), "fixtures", name);
  }

  public static List<String> lines(String name) {
    try {
      return Files.readAllLines(path(name));
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }

  public static List<JsonNode> values(String name) {
    return lines(name).stream().filter(line -> !line.isBlank()).map(Fixtures::json).toList();
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException cause) {
      throw new UncheckedIOException(cause);
    }
  }
}
