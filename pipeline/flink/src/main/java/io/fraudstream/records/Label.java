package io.fraudstream.records;

/**
 * The truth about one transaction, told later, as by a chargeback.
 *
 * <p>{@code merchantId} and {@code terminalId} are null where the label does not name them, {@code reportedAtMs} is {@link
 * Instants#NONE} where it does not say when. Form: {@code fixtures/schema/label.schema.json}.
 * Public fields and an empty constructor: Flink's POJO.
 */
public class Label {
  public String transactionId;
  public boolean isFraud;
  public String merchantId;
  public String terminalId;
  public long reportedAtMs = Instants.NONE;
}
