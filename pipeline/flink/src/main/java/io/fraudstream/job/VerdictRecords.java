package io.fraudstream.job;

import io.fraudstream.kinesis.sink.SinkEntry;
import io.fraudstream.kinesis.sink.SinkRecords;
import io.fraudstream.records.Rejection;

/** Verdicts as records of their stream; one that Kinesis does not take becomes a rejection. */
final class VerdictRecords implements SinkRecords<Line> {
  private static final long serialVersionUID = 2;

  private final RejectionRecords rejections;

  VerdictRecords(RejectionRecords rejections) {
    this.rejections = rejections;
  }

  @Override
  public SinkEntry entry(Line verdict, int recordBytes) {
    return SinkEntry.of(verdict.key, verdict.data);
  }

  @Override
  public SinkEntry rejection(SinkEntry refused, String reason, int recordBytes) {
    long now = System.currentTimeMillis();
    Rejection rejection = Rejection.undeliverable(refused.data(), reason, now);
    return rejections.entry(rejection, recordBytes);
  }
}
