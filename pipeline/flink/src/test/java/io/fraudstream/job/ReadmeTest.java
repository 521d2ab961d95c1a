package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  @Test
  @DisplayName("the README tells every setting with its default and its meaning")
  void settings() throws Exception {
    String readme = Files.readString(Path.of("README.md"));
    StringBuilder table = new StringBuilder("| setting | default | meaning |\n|---|---|---|\n");
    HtmlFormatter text = new HtmlFormatter();
    for (ConfigOption<?> option : Options.ALL) {
      String meaning = text.format(option.description());
      String row = "| `%s` | %s | %s |%n".formatted(option.key(), value(option), meaning);
      table.append(row);
    }
    assertTrue(readme.contains(table), () -> "The table of README.md must be:\n" + table);
  }

  private static String value(ConfigOption<?> option) {
    Object value = option.defaultValue();
    if (value == null || value instanceof List<?>) return "";
    if (value instanceof Duration span) return spanText(span);
    return String.valueOf(value).toLowerCase(Locale.ROOT);
  }

  private static String spanText(Duration span) {
    if (span.toMillis() % 60_000 == 0 && !span.isZero()) return span.toMinutes() + " min";
    return span.toMillis() % 1000 == 0 ? span.toSeconds() + " s" : span.toMillis() + " ms";
  }
}
