package io.fraudstream.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;

/**
 * The scores of an answer, one for each row that was sent and in their order, or what is wrong.
 *
 * @param problem null for a sound answer
 */
record Scores(double[] values, String problem) {
  /** Where the scores of well-known containers stand; tried in this order. */
  private static final List<String> KNOWN_PLACES =
      List.of("/predictions/*/score", "/predictions/*", "/*/score", "/*", "/score");

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads strictly: as many as rows, each a number from 0 to 1.
   *
   * <p>Text is numbers with commas or line ends between; in JSON they stand at the pointer (RFC
   * 6901), whose {@code *} counts the rows. Without a pointer (null) the known places are tried.
   */
  static Scores read(String contentType, String body, int rows, String pointer) {
    String text = body.trim();
    try {
      boolean isJson = contentType.contains("json") || text.startsWith("{") || text.startsWith("[");
      return counted(isJson ? jsonValues(JSON.readTree(text), pointer) : textValues(text), rows);
    } catch (JsonProcessingException | RuntimeException error) {
      return none("the answer cannot be read: " + firstLine(error));
    }
  }

  private static String firstLine(Exception error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
  }

  private static Scores none(String problem) {
    return new Scores(null, problem);
  }

  private static List<Double> textValues(String text) {
    List<Double> values = new ArrayList<>();
    if (text.isEmpty()) return values;
    for (String number : text.split("\\s*,\\s*|\\s+")) values.add(Double.valueOf(number));
    return values;
  }

  /** Null where there are no scores. */
  private static List<Double> jsonValues(JsonNode answer, String pointer) {
    if (pointer != null) return numbersAt(answer, pointer);
    for (String place : KNOWN_PLACES) {
      List<Double> values = numbersAt(answer, place);
      if (values != null) return values;
    }
    return null;
  }

  /** Null where the pointer leads nowhere, or to something that is no number. */
  private static List<Double> numbersAt(JsonNode answer, String pointer) {
    List<JsonNode> found = List.of(answer);
    for (String word : pointer.substring(Math.min(1, pointer.length())).split("/")) {
      String name = word.replace("~1", "/").replace("~0", "~");
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode holder : found) {
        if (name.equals("*") && holder.isArray()) holder.forEach(next::add);
        else if (holder.has(name)) next.add(holder.get(name));
        else return null;
      }
      found = next;
    }
    boolean isNumbers = found.stream().allMatch(JsonNode::isNumber);
    return isNumbers ? found.stream().map(JsonNode::doubleValue).toList() : null;
  }

  private static Scores counted(List<Double> values, int rows) {
    if (values == null) return none("no scores at any known place; say where by score-pointer");
    if (values.size() != rows) return none(values.size() + " scores came for " + rows + " rows");
    for (double value : values) {
      if (!(value >= 0 && value <= 1)) return none("a score is " + value + ", not from 0 to 1");
    }
    return new Scores(values.stream().mapToDouble(Double::doubleValue).toArray(), null);
  }
}
