package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The command line of the project: {@code bin/fraudstream}. */
final class Cli {
  private Cli() {}

  static Path root() {
    return Path.of(System.getProperty("repository", "../..")).toAbsolutePath().normalize();
  }

  /** One command, its output into a file; one that fails fails the test with what it said. */
  static void run(Path output, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("node", "bin/fraudstream"));
    Collections.addAll(command, arguments);
    ProcessBuilder process = new ProcessBuilder(command).directory(root().toFile());
    process.environment().put("AWS_ACCESS_KEY_ID", "local");
    process.environment().put("AWS_SECRET_ACCESS_KEY", "local");
    process.environment().put("AWS_REGION", "us-east-1");
    Process running = process.redirectOutput(output.toFile()).start();
    String said = new String(running.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, running.waitFor(), said);
  }
}
