package io.fraudstream.features;

/**
 * What is remembered of a merchant: three rings, null while empty, its days and its reported
 * frauds.
 *
 * <p>Public fields and an empty constructor: Flink's POJO, whose state survives new fields.
 */
public class MerchantPast {
  private static final int BIN = 1;
  private static final int IS_DECLINED = 2;
  static final int WIDTH = 3;

  /** A record of refunds and of round amounts is its time alone. */
  static final int TIME_ALONE = 1;

  private static final int MOST = Manifest.ring("merchant");
  private static final int MOST_REFUNDS = Manifest.ring("merchant_refunds");
  private static final int MOST_ROUNDS = Manifest.ring("merchant_round");

  public double[] all;
  public double[] refunds;
  public double[] rounds;
  public RiskPast risk = new RiskPast();

  /** Takes the transaction in. */
  public void remember(Facts facts) {
    risk.remember(facts);
    all = Ring.insert(all, WIDTH, MOST, facts.time);
    int at = Ring.newest(all, WIDTH);
    all[at + BIN] = facts.bin;
    all[at + IS_DECLINED] = facts.isDeclined ? 1 : 0;
    if (facts.isRefund) refunds = Ring.insert(refunds, TIME_ALONE, MOST_REFUNDS, facts.time);
    if (facts.isRound) rounds = Ring.insert(rounds, TIME_ALONE, MOST_ROUNDS, facts.time);
  }

  /** Whether the transaction is older than the newest one of the merchant. */
  public boolean isLate(Facts facts) {
    return Ring.isLate(all, facts.time);
  }

  static double countOfBin(Past past, double windowMs, double bin) {
    return past.countOf(windowMs, BIN, bin);
  }

  static double countDeclined(Past past, double windowMs) {
    return past.countOf(windowMs, IS_DECLINED, 1);
  }
}
