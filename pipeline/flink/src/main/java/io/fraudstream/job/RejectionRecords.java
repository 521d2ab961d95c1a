package io.fraudstream.job;

import io.fraudstream.kinesis.sink.SinkEntry;
import io.fraudstream.kinesis.sink.SinkRecords;
import io.fraudstream.records.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Rejections as records of their stream, by card; what has no card is spread over the shards. */
final class RejectionRecords implements SinkRecords<Rejection> {
  private static final long serialVersionUID = 1;

  @Override
  public SinkEntry entry(Rejection rejection, int recordBytes) {
    boolean hasCard = rejection.cardId != null;
    String key = hasCard ? rejection.cardId : UUID.randomUUID().toString();
    int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
    String line = rejection.line(recordBytes - keyBytes);
    return SinkEntry.of(key, line.getBytes(StandardCharsets.UTF_8));
  }

  /** There is no third stream. */
  @Override
  public SinkEntry rejection(SinkEntry refused, String reason, int recordBytes) {
    return null;
  }
}
