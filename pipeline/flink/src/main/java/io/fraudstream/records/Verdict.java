package io.fraudstream.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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
  private static final JsonFactory JSON = new JsonFactory();
  private static final int USUAL_CHARACTERS = 512;

  /** The verdict as one line of JSON without its newline. */
  public String line() {
    StringWriter text = new StringWriter(USUAL_CHARACTERS);
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("transaction_id", transactionId);
      json.writeStringField("card_id", cardId);
      json.writeStringField("event_time", eventTime);
      json.writeStringField("scored_at", Instants.write(scoredAt));
      writeScore(json);
      json.writeNumberField("threshold", threshold);
      json.writeStringField("model_version", modelVersion);
      if (features != null) writeFeatures(json);
      if (error != null) json.writeStringField("error", error);
      json.writeNumberField("attempts", attempts);
      json.writeStringField("verdict_id", id(transactionId));
      json.writeEndObject();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  private void writeScore(JsonGenerator json) throws IOException {
    if (error == null) {
      json.writeNumberField("score", score);
      json.writeBooleanField("is_fraud_predicted", score >= threshold);
    } else {
      json.writeNullField("score");
      json.writeNullField("is_fraud_predicted");
    }
  }

  private void writeFeatures(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("features");
    for (float value : features) {
      if (Float.isNaN(value)) json.writeNull();
      else json.writeNumber(value);
    }
    json.writeEndArray();
  }

  /** Made of the identifier of the transaction and of nothing else. */
  static String id(String transactionId) {
    byte[] name = ("verdict:" + transactionId).getBytes(StandardCharsets.UTF_8);
    return UUID.nameUUIDFromBytes(name).toString();
  }
}
