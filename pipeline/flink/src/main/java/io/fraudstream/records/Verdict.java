package io.fraudstream.records;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The verdict as one line of JSON without its newline. */
  public String line() {
    ObjectNode line = JSON.createObjectNode();
    line.put("transaction_id", transactionId);
    line.put("card_id", cardId);
    line.put("event_time", eventTime);
    line.put("scored_at", Instants.write(scoredAt));
    line.put("score", error == null ? Double.valueOf(score) : null);
    line.put("is_fraud_predicted", error == null ? Boolean.valueOf(score >= threshold) : null);
    line.put("threshold", threshold);
    line.put("model_version", modelVersion);
    if (features != null) writeFeatures(line.putArray("features"));
    if (error != null) line.put("error", error);
    line.put("attempts", attempts);
    line.put("verdict_id", id(transactionId));
    return line.toString();
  }

  private void writeFeatures(ArrayNode row) {
    for (float value : features) {
      if (Float.isNaN(value)) row.addNull();
      else row.add(value);
    }
  }

  /** Made of the identifier of the transaction and of nothing else. */
  static String id(String transactionId) {
    byte[] name = ("verdict:" + transactionId).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString();
  }
}
