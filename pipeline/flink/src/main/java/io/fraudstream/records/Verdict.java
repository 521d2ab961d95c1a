package io.fraudstream.records;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What scoring said about one transaction: a score, or the reason why there is none.
 *
 * <p>Form: {@code fixtures/schema/verdict.schema.json}, and {@code verdict_id}, which is the same
 * whenever the same transaction is judged: whoever gets two verdicts with one id has a duplicate.
 * Units: {@code scoredAt} epoch milliseconds.
 *
 * @param score NaN beside an error
 * @param features null where they are not asked for; NaN where missing
 * @param error null beside a score
 */
public record Verdict(
    String transactionId,
    String cardId,
    String eventTime,
    long scoredAt,
    double score,
    double threshold,
    String modelVersion,
    float[] features,
    String error,
    int attempts) {
  private static final int USUAL_CHARACTERS = 512;

  /** The verdict as one line of JSON without its newline. */
  public String line() {
    StringBuilder json = new StringBuilder(USUAL_CHARACTERS);
    json.append("{\"transaction_id\":");
    appendText(json, transactionId);
    appendText(json.append(",\"card_id\":"), cardId);
    appendText(json.append(",\"event_time\":"), eventTime);
    json.append(",\"scored_at\":\"").append(Instants.write(scoredAt)).append('"');
    if (error == null) json.append(",\"score\":").append(score);
    else json.append(",\"score\":null");
    json.append(",\"is_fraud_predicted\":");
    json.append(error == null ? String.valueOf(score >= threshold) : "null");
    json.append(",\"threshold\":").append(threshold);
    appendText(json.append(",\"model_version\":"), modelVersion);
    if (features != null) appendFeatures(json);
    if (error != null) appendText(json.append(",\"error\":"), error);
    json.append(",\"attempts\":").append(attempts);
    json.append(",\"verdict_id\":\"").append(id(transactionId)).append("\"}");
    return json.toString();
  }

  /** The line in UTF-8. */
  public byte[] bytes() {
    return line().getBytes(StandardCharsets.UTF_8);
  }

  private void appendFeatures(StringBuilder json) {
    json.append(",\"features\":");
    char before = '[';
    for (float value : features) {
      json.append(before);
      if (Float.isNaN(value)) json.append("null");
      else json.append(value);
      before = ',';
    }
    json.append(']');
  }

  private static void appendText(StringBuilder json, String text) {
    if (text == null) {
      json.append("null");
      return;
    }
    json.append('"');
    if (isPlain(text)) json.append(text);
    else JsonStringEncoder.getInstance().quoteAsString(text, json);
    json.append('"');
  }

  private static boolean isPlain(String text) {
    for (int at = 0; at < text.length(); at++) {
      char seen = text.charAt(at);
      if (seen < ' ' || seen == '"' || seen == '\\') return false;
    }
    return true;
  }

  /** Made of the identifier of the transaction and of nothing else. */
  static String id(String transactionId) {
    byte[] name = ("verdict:" + transactionId).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString();
  }
}
