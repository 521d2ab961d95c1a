package io.fraudstream.scoring;

import io.fraudstream.features.Facts;
import org.apache.flink.api.common.typeinfo.TypeInfo;

/**
 * A transaction on its way to its score: who it is, what the features read of it, and the features
 * so far.
 *
 * <p>{@code ordinal} counts the transactions of its card from 0. {@code data} is the transaction as
 * it came. Public fields and an empty constructor: state of earlier jars has it as Flink's POJO.
 */
@TypeInfo(CandidateType.Factory.class)
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
