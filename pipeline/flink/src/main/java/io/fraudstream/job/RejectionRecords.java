package io.fraudstream.job;

import io.fraudstream.contract.ContractFiles;
import io.fraudstream.contract.RejectForm;
import io.fraudstream.contract.codecs.Misfit;
import io.fraudstream.kinesis.sink.SinkEntry;
import io.fraudstream.kinesis.sink.SinkRecords;
import io.fraudstream.records.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Rejections as records of their stream, by card; what has no card is spread over the shards. */
final class RejectionRecords implements SinkRecords<Rejection> {
  private static final long serialVersionUID = 2;

  private final ContractFiles contract;
  private transient RejectForm form;
  private transient boolean isOpen;

  /** {@code contract} is null for rejections in the form of fraudstream. */
  RejectionRecords(ContractFiles contract) {
    this.contract = contract;
  }

  @Override
  public SinkEntry entry(Rejection rejection, int recordBytes) {
    boolean hasCard = rejection.cardId != null;
    String key = hasCard ? rejection.cardId : UUID.randomUUID().toString();
    int keyBytes = key.getBytes(StandardCharsets.UTF_8).length;
    return SinkEntry.of(key, line(rejection, recordBytes - keyBytes));
  }

  private byte[] line(Rejection rejection, int limitBytes) {
    if (!isOpen) {
      form = contract == null ? null : contract.compile().rejects();
      isOpen = true;
    }
    try {
      if (form != null) return form.write(rejection, limitBytes);
    } catch (Misfit misfit) {
      // A value that the schema does not take must neither restart the job nor be lost.
    }
    return rejection.line(limitBytes).getBytes(StandardCharsets.UTF_8);
  }

  /** There is no third stream. */
  @Override
  public SinkEntry rejection(SinkEntry refused, String reason, int recordBytes) {
    return null;
  }
}
