package io.fraudstream.job;

import io.fraudstream.contract.ContractFiles;
import io.fraudstream.contract.TransactionForm;
import io.fraudstream.kinesis.source.UserRecordDeserializer;
import io.fraudstream.records.Reading;
import io.fraudstream.records.Rejection;
import io.fraudstream.records.Transaction;
import io.fraudstream.records.TransactionReader;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.util.Collector;

/** Reads the records of the stream of transactions: each user record becomes an arrival. */
final class ArrivalSchema implements UserRecordDeserializer<Arrival> {
  private static final long serialVersionUID = 2;

  private final ContractFiles contract;
  private transient TransactionForm form;
  private transient boolean isOpen;

  /** {@code contract} is null for transactions in the form of fraudstream. */
  ArrivalSchema(ContractFiles contract) {
    this.contract = contract;
  }

  @Override
  public void deserialize(byte[] data, String location, Collector<Arrival> out) {
    Reading<Transaction> reading = read(data);
    if (reading.problem() == null) out.collect(Arrival.of(reading.record()));
    else damaged(data, reading.problem() + " at " + location, out);
  }

  private Reading<Transaction> read(byte[] data) {
    if (!isOpen) {
      form = contract == null ? null : contract.compile().transactions();
      isOpen = true;
    }
    return form == null ? TransactionReader.read(data) : form.read(data);
  }

  @Override
  public void damaged(byte[] data, String reason, Collector<Arrival> out) {
    long now = System.currentTimeMillis();
    out.collect(Arrival.of(Rejection.unreadable(data, reason, now)));
  }

  @Override
  public TypeInformation<Arrival> getProducedType() {
    return TypeInformation.of(Arrival.class);
  }
}
