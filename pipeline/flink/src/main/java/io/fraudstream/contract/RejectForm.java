package io.fraudstream.contract;

import io.fraudstream.contract.values.Pointer;
import io.fraudstream.records.Rejection;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Writes dead letters in the user's form, by the rule of docs/contract.md. For one thread. */
public final class RejectForm {
  /**
   * A transaction that got no score, or bytes that are no transaction.
   *
   * @param transactionId null where it is not known
   * @param record the record as text
   */
  public record Subject(String transactionId, String error, String detail, String record) {}

  private final RecordWriter<Subject> writer;

  RejectForm(Pointer id, Pointer reason, Pointer detail, Pointer record, RecordWriter.Form form) {
    // Where a schema wants an id, bytes without one have an empty text.
    List<RecordWriter<Subject>> writers =
        Stream.of(false, true)
            .map(isEmpty -> new RecordWriter<>(written(id, reason, detail, record, isEmpty), form))
            .toList();
    List<Subject> samples =
        List.of(new Subject(null, "bad_data", "x", "{}"), new Subject("x", "bad_data", "x", "{}"));
    this.writer = RecordWriter.fitting(writers, samples);
  }

  private static List<RecordWriter.Part<Subject>> written(
      Pointer id, Pointer reason, Pointer detail, Pointer record, boolean isEmpty) {
    List<RecordWriter.Part<Subject>> all = new ArrayList<>();
    RecordWriter.add(
        all,
        id,
        "id",
        subject -> subject.transactionId == null && isEmpty ? "" : subject.transactionId);
    RecordWriter.add(all, reason, "reason", Subject::error);
    RecordWriter.add(all, detail, "detail", Subject::detail);
    RecordWriter.add(all, record, "record", Subject::record);
    return all;
  }

  byte[] write(Subject subject) {
    return writer.write(subject);
  }

  /** The bytes of a rejection; of a record that does not fit into so many bytes, with its head. */
  public byte[] write(Rejection rejection, int limitBytes) {
    byte[] whole = writer.write(subject(rejection, rejection.wholeText()));
    if (whole.length <= limitBytes) return whole;
    return writer.write(subject(rejection, rejection.headText()));
  }

  private static Subject subject(Rejection rejection, String record) {
    return new Subject(rejection.transactionId, rejection.error, rejection.shortReason(), record);
  }
}
