package io.fraudstream.scoring;

import io.fraudstream.features.Facts;

/**
 * A transaction on its way to its score: who it is, what the features read of it, and the features
 * so far.
 *
 * <p>{@code ordinal} counts the transactions of its card from 0. {@code data} is the transaction as
 * it came. Public fields and an empty constructor: Flink's POJO, whose state survives new fields.
 */
public class Candidate {
  public String transactionId;
  public String cardId;
  public String eventTime;
  public String sourceIp;
  public String merchantId;
  public long ordinal;
  public Facts facts;
  public float[] features;
  public byte[] data;
}
