package io.fraudstream.records;

/**
 * What the pipeline reads of a card transaction of schema version 1, and the transaction itself.
 *
 * <p>Null means unknown. Units: {@code timeMs} is {@code event_time} in epoch milliseconds, amounts
 * are whole numbers of minor units, {@code data} the bytes as they came. Form: {@code
 * fixtures/schema/transaction.schema.json}. Public fields and an empty constructor: Flink's POJO.
 */
public class Transaction {
  public String transactionId;
  public String eventTime;
  public long timeMs;
  public String type;
  public String channel;
  public String cardId;
  public String panBin;
  public String cardType;
  public String cardCountry;
  public Double accountAgeDays;
  public String merchantId;
  public String terminalId;
  public String mcc;
  public String merchantCountry;
  public double amountMinor;
  public String currency;
  public Double billingAmountMinor;
  public String billingCurrency;
  public String posEntryMode;
  public Boolean cardPresent;
  public String sourceIp;
  public String deviceId;
  public String threeDs;
  public String avsResult;
  public String cvvResult;
  public String responseCode;
  public byte[] data;
}
