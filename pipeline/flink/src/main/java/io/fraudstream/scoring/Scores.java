package io.fraudstream.scoring;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The scores of an answer, one for each row that was sent and in their order, or what is wrong.
 *
 * <p>The same as {@code src/scoring/request/parse-answer.ts}, held to it by {@code
 * fixtures/scoring/answers.json}.
 *
 * @param values null where the answer as a whole is no list of scores; NaN for a row without one
 * @param problems those of single rows by their index
 * @param problem of the whole answer; null where at least one row has a score
 */
record Scores(double[] values, Map<Integer, String> problems, String problem) {
  /** Where well-known containers write scores; tried in this order. */
  private static final List<String> KNOWN_POINTERS =
      List.of("/predictions/*/score", "/predictions/*", "/*/score", "/*", "/score");

  /** White space as JavaScript has it. */
  private static final String SPACE = "[\\s\\p{Z}\\ufeff]";

  private static final Pattern ENDS = Pattern.compile("^" + SPACE + "+|" + SPACE + "+$");
  private static final Pattern BETWEEN = Pattern.compile(SPACE + "*," + SPACE + "*|" + SPACE + "+");
  private static final Pattern LINE_END = Pattern.compile("\\r?\\n");
  private static final Pattern LAST_LINE_END = Pattern.compile("\\r?\\n\\z");
  private static final Pattern DECIMAL =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?");
  private static final Pattern ARRAY_INDEX = Pattern.compile("0|[1-9][0-9]*");

  /** Names of JSON lines. */
  private static final Pattern JSON_LINES = Pattern.compile("jsonl|ndjson|json-?seq");

  /** Where a line of JSON lines has its score. */
  private static final List<String> LINE_POINTERS =
      List.of("/score", "/predictions/*/score", "/predictions/*", "/*");

  /** Numbers of JSON that only Python writes. */
  private static final Pattern NOT_A_NUMBER =
      Pattern.compile("([\\[:,]\\s*)(NaN|-?Infinity)(?=\\s*[,\\]}])");

  private static final int MOST_LEVELS = 100;
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MOST_LEVELS).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /**
   * Reads strictly: as many as rows, each a number from 0 to 1. As long as one of them is, the
   * others are errors of their own rows.
   *
   * <p>Text is numbers with commas or line ends between; JSON lines are read line by line; in JSON
   * they stand at the pointer (RFC 6901), whose {@code *} counts the rows. Without a pointer (null)
   * the known ones are tried.
   */
  static Scores read(String contentType, String body, int rows, String pointer) {
    try {
      return counted(valuesOf(contentType.toLowerCase(Locale.ROOT), body, rows, pointer), rows);
    } catch (JsonProcessingException | RuntimeException error) {
      return none("the answer cannot be read: " + firstLine(error));
    }
  }

  private static String firstLine(Exception error) {
    return String.valueOf(error.getMessage()).lines().findFirst().orElse("");
  }

  private static Scores none(String problem) {
    return new Scores(null, Map.of(), problem);
  }

  private static List<JsonNode> valuesOf(String type, String body, int rows, String pointer)
      throws JsonProcessingException {
    String text = trimmed(body);
    if (JSON_LINES.matcher(type).find()) return linesValues(text, pointer);
    boolean isJson = type.contains("json") || text.startsWith("{") || text.startsWith("[");
    return isJson ? jsonOrLines(text, pointer) : textValues(text, body, rows);
  }

  /** One JSON value, or JSON lines under another name: what the first is not, the second may be. */
  private static List<JsonNode> jsonOrLines(String text, String pointer)
      throws JsonProcessingException {
    JsonNode value;
    try {
      value = json(text);
    } catch (JsonProcessingException error) {
      if (!text.contains("\n")) throw error;
      return linesValues(text, pointer);
    }
    return jsonValues(value, pointer);
  }

  private static String trimmed(String text) {
    boolean isTrimmed =
        !text.isEmpty() && isGraphic(text.charAt(0)) && isGraphic(text.charAt(text.length() - 1));
    if (isTrimmed) return text;
    return ENDS.matcher(text).replaceAll("");
  }

  private static boolean isGraphic(char seen) {
    return seen > ' ' && seen < 0x7f;
  }

  private static List<JsonNode> textValues(String text, String body, int rows) {
    if (text.isEmpty()) return List.of();
    List<JsonNode> plain = plainValues(text, rows);
    if (plain != null) return plain;
    String[] words = BETWEEN.split(text, -1);
    // Where a score was left out, its line may be there all the same.
    String[] lines = LINE_END.split(LAST_LINE_END.matcher(body).replaceFirst(""), -1);
    boolean isByLine = words.length != rows && lines.length == rows;
    List<JsonNode> values = new ArrayList<>();
    for (String word : isByLine ? lines : words) values.add(numberOf(trimmed(word)));
    return values;
  }

  /** Plain decimals with a comma or a line feed between, as nearly all answers are; else null. */
  private static List<JsonNode> plainValues(String text, int rows) {
    List<JsonNode> values = new ArrayList<>(rows);
    int from = 0;
    for (int at = 0; at <= text.length(); at++) {
      char seen = at < text.length() ? text.charAt(at) : ',';
      if (seen >= '0' && seen <= '9' || seen == '.') continue;
      String word = text.substring(from, at);
      boolean isEnd = seen == ',' || seen == '\n';
      if (!isEnd || word.isEmpty() || word.indexOf('.') != word.lastIndexOf('.')) return null;
      if (word.equals(".")) return null;
      values.add(DoubleNode.valueOf(Double.parseDouble(word)));
      from = at + 1;
    }
    return values.size() == rows ? values : null;
  }

  /** What is no number stays the text that came. */
  private static JsonNode numberOf(String text) {
    boolean isNumber = DECIMAL.matcher(text).matches();
    return isNumber ? DoubleNode.valueOf(Double.parseDouble(text)) : TextNode.valueOf(text);
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    try {
      return parsed(text);
    } catch (JsonProcessingException error) {
      String quoted = NOT_A_NUMBER.matcher(text).replaceAll("$1\"$2\"");
      if (quoted.equals(text)) throw error;
      return parsed(quoted);
    }
  }

  private static JsonNode parsed(String text) throws JsonProcessingException {
    JsonNode value = JSON.readTree(text);
    if (value.isMissingNode()) throw new IllegalArgumentException("there is no JSON in it");
    return value;
  }

  private static List<JsonNode> linesValues(String text, String pointer)
      throws JsonProcessingException {
    List<JsonNode> values = new ArrayList<>();
    for (String line : text.split("\n", -1)) values.addAll(lineValues(json(line), pointer));
    return values;
  }

  /** A line that has no score is a row without one. */
  private static List<JsonNode> lineValues(JsonNode value, String pointer) {
    if (!value.isContainerNode()) return scoresIn(List.of(value));
    for (String one : pointer == null ? LINE_POINTERS : List.of(pointer)) {
      List<JsonNode> found = valuesAt(value, one);
      if (found != null) return scoresIn(found);
    }
    return List.of(MissingNode.getInstance());
  }

  /** Values of JSON; a number may be written as text. */
  private static List<JsonNode> scoresIn(List<JsonNode> values) {
    return values.stream()
        .map(value -> value.isTextual() ? numberOf(trimmed(value.textValue())) : value)
        .toList();
  }

  private static List<JsonNode> jsonValues(JsonNode answer, String pointer) {
    if (pointer != null) {
      List<JsonNode> values = valuesAt(answer, pointer);
      if (values != null) return scoresIn(values);
      throw new IllegalArgumentException("nothing at " + pointer);
    }
    for (String known : KNOWN_POINTERS) {
      List<JsonNode> values = valuesAt(answer, known);
      if (values == null) continue;
      List<JsonNode> scores = scoresIn(values);
      if (scores.isEmpty() || scores.stream().anyMatch(JsonNode::isNumber)) return scores;
    }
    throw new IllegalArgumentException("no scores at any known pointer; give score-pointer");
  }

  /** Null where the pointer leads nowhere; items without such a member are missing nodes. */
  private static List<JsonNode> valuesAt(JsonNode value, String pointer) {
    List<JsonNode> found = List.of(value);
    String[] words = pointer.split("/", -1);
    for (int word = 1; word < words.length && found != null; word++) {
      String name = words[word].replace("~1", "/").replace("~0", "~");
      found = name.equals("*") ? items(found) : members(found, name);
    }
    return found;
  }

  private static List<JsonNode> items(List<JsonNode> values) {
    if (!values.stream().allMatch(JsonNode::isArray)) return null;
    List<JsonNode> items = new ArrayList<>();
    for (JsonNode value : values) value.forEach(items::add);
    return items;
  }

  private static List<JsonNode> members(List<JsonNode> values, String name) {
    List<JsonNode> members = values.stream().map(value -> member(value, name)).toList();
    boolean isNowhere = !members.isEmpty() && members.stream().allMatch(JsonNode::isMissingNode);
    return isNowhere ? null : members;
  }

  private static JsonNode member(JsonNode value, String name) {
    if (!value.isArray()) return value.path(name);
    boolean isIndex = ARRAY_INDEX.matcher(name).matches() && name.length() < 10;
    return isIndex ? value.path(Integer.parseInt(name)) : MissingNode.getInstance();
  }

  private static Scores counted(List<JsonNode> values, int rows) {
    if (values.size() != rows) return none(values.size() + " scores came for " + rows + " rows");
    double[] scores = new double[rows];
    Map<Integer, String> problems = new HashMap<>();
    for (int row = 0; row < rows; row++) {
      JsonNode value = values.get(row);
      scores[row] = isScore(value) ? value.doubleValue() : Double.NaN;
      if (!isScore(value)) problems.put(row, "a score is " + shown(value) + ", not from 0 to 1");
    }
    return rows > 0 && problems.size() == rows
        ? none(problems.get(0))
        : new Scores(scores, problems, null);
  }

  private static boolean isScore(JsonNode value) {
    return value.isNumber() && value.doubleValue() >= 0 && value.doubleValue() <= 1;
  }

  private static String shown(JsonNode value) {
    String text = value.isTextual() ? value.textValue() : value.toString();
    return trimmed(text).isEmpty() ? "missing" : text;
  }
}
