package io.fraudstream.contract;

import io.fraudstream.contract.values.InstantFormat;
import io.fraudstream.contract.values.Numbers;
import io.fraudstream.contract.values.Pointer;
import io.fraudstream.features.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleFunction;

/** Writes verdicts in the user's form, by the rule of docs/contract.md. For one thread. */
public final class VerdictForm {
  private static final int MOST_DECIMALS = 15;

  /** An instant, and where it stands. */
  record Instant(Pointer at, InstantFormat format) {}

  /** Where the parts of a verdict stand, and the constants that are written; null where none. */
  static final class Parts {
    Pointer id;
    Pointer cardId;
    Instant eventTime;
    Instant arrivedAt;
    Pointer score;
    double scale;
    Pointer decision;
    Object fraud;
    Object genuine;
    Pointer error;
    Object noError;
    Pointer modelVersion;
    Pointer features;
    final Map<Integer, Pointer> featuresByIndex = new TreeMap<>();
    boolean emitsFrauds;
  }

  /**
   * What the engine says of one transaction: without an error a score and a decision. Units:
   * instants are epoch milliseconds.
   */
  public record Subject(
      String transactionId,
      String cardId,
      long eventAt,
      long scoredAt,
      double score,
      boolean isFraud,
      String error,
      String modelVersion,
      float[] features) {}

  private final Parts parts;
  private final RecordWriter<Subject> writer;

  VerdictForm(Parts parts, RecordWriter.Form form) {
    this.parts = parts;
    List<RecordWriter<Subject>> writers =
        scoreForms().stream()
            .map(scoreForm -> new RecordWriter<>(written(parts, scoreForm), form))
            .toList();
    this.writer = RecordWriter.fitting(writers, samples());
  }

  /** True where verdicts have the features. */
  public boolean hasFeatures() {
    return parts.features != null || !parts.featuresByIndex.isEmpty();
  }

  /** The bytes of a verdict; null for one that is not written. */
  public byte[] write(Subject subject) {
    boolean isScored = subject.error == null;
    if (parts.emitsFrauds && !(isScored && subject.isFraud)) return null;
    return isScored || parts.error != null ? writer.write(subject) : null;
  }

  /** How a score is written: the first form that the schema takes. */
  private static List<DoubleFunction<Object>> scoreForms() {
    List<DoubleFunction<Object>> forms = new ArrayList<>();
    forms.add(score -> whole(score));
    forms.add(score -> whole((double) (float) score));
    forms.add(Numbers::text);
    for (int decimals = MOST_DECIMALS; decimals > 0; decimals--) {
      int count = decimals;
      forms.add(score -> Numbers.fixed(score, count));
    }
    forms.add(score -> Long.valueOf(Math.round(score)));
    return forms;
  }

  private static Object whole(double number) {
    return Numbers.isSafe(number) ? (Object) Long.valueOf((long) number) : Double.valueOf(number);
  }

  private static List<RecordWriter.Part<Subject>> written(
      Parts parts, DoubleFunction<Object> scoreForm) {
    List<RecordWriter.Part<Subject>> all = new ArrayList<>();
    RecordWriter.add(all, parts.id, "id", Subject::transactionId);
    RecordWriter.add(all, parts.cardId, "card-id", Subject::cardId);
    if (parts.eventTime != null) {
      InstantFormat format = parts.eventTime.format;
      RecordWriter.add(
          all, parts.eventTime.at, "event-time", subject -> format.write(subject.eventAt));
    }
    RecordWriter.add(
        all,
        parts.score,
        "score",
        subject -> subject.error == null ? scoreForm.apply(subject.score * parts.scale) : null);
    RecordWriter.add(
        all,
        parts.decision,
        "decision",
        subject -> subject.error != null ? null : subject.isFraud ? parts.fraud : parts.genuine);
    RecordWriter.add(
        all,
        parts.error,
        "error",
        subject -> subject.error == null ? parts.noError : subject.error);
    RecordWriter.add(all, parts.modelVersion, "model-version", Subject::modelVersion);
    RecordWriter.add(all, parts.features, "features", subject -> listOf(subject.features));
    parts.featuresByIndex.forEach(
        (index, at) ->
            RecordWriter.add(
                all, at, nameOf(index), subject -> featureOf(subject.features, index)));
    if (parts.arrivedAt != null) {
      InstantFormat format = parts.arrivedAt.format;
      RecordWriter.add(
          all, parts.arrivedAt.at, "arrived-at", subject -> format.write(subject.scoredAt));
    }
    return all;
  }

  static String nameOf(int index) {
    return "the feature " + Manifest.FEATURES.get(index).name();
  }

  private static Object featureOf(float[] features, int index) {
    if (features == null || index >= features.length || Float.isNaN(features[index])) return null;
    return whole(features[index]);
  }

  private static List<Object> listOf(float[] features) {
    if (features == null) return null;
    List<Object> list = new ArrayList<>(features.length);
    for (float value : features) list.add(Float.isNaN(value) ? null : whole(value));
    return list;
  }

  /** Every code that a verdict can have: {@code io.fraudstream.scoring.ErrorKind}. */
  private static final List<String> ERRORS =
      List.of(
          "throttled",
          "timeout",
          "connect",
          "tls",
          "auth",
          "http4xx",
          "http5xx",
          "model_error",
          "bad_response",
          "aborted",
          "dropped");

  private List<Subject> samples() {
    List<Subject> samples = new ArrayList<>();
    samples.add(sample(1, true, null));
    samples.add(sample(1.0 / 3, parts.emitsFrauds, null));
    if (parts.error == null || parts.emitsFrauds) return samples;
    for (String error : ERRORS) samples.add(sample(Double.NaN, false, error));
    return samples;
  }

  private static Subject sample(double score, boolean isFraud, String error) {
    long at = 1_769_817_600_000L;
    return new Subject("x", "x", at, at, score, isFraud, error, "1", new float[] {0.5f});
  }
}
