package io.fraudstream.job;

import io.fraudstream.addresses.AddressTable;
import io.fraudstream.features.Facts;
import io.fraudstream.features.Manifest;
import io.fraudstream.features.OwnFeatures;
import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.records.Label;
import io.fraudstream.records.Rejection;
import io.fraudstream.records.Transaction;
import io.fraudstream.scoring.Candidate;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Makes candidates of transactions: whose the source address is, and the features that need no
 * past. What is no transaction goes aside.
 */
final class Enrich extends ProcessFunction<Arrival, Candidate> {
  private static final long serialVersionUID = 1;

  static final OutputTag<Rejection> REJECTIONS = new OutputTag<>("rejections") {};

  /** Never written to: where no stream of labels is configured, this stands for it. */
  static final OutputTag<Label> NO_LABELS = new OutputTag<>("no-labels") {};

  private final String ipSpace;
  private transient AddressTable addresses;
  private transient Counter unread;
  private transient Counter withoutNetwork;
  private transient volatile long watermarkLagMs;

  Enrich(String ipSpace) {
    this.ipSpace = ipSpace;
  }

  @Override
  public void open(OpenContext context) {
    addresses = AddressTable.ofJar(ipSpace);
    var metrics = PublishedMetrics.of(getRuntimeContext().getMetricGroup());
    unread = metrics.counter("rejected");
    withoutNetwork = metrics.counter("addressesWithoutNetwork");
    metrics.gauge("watermarkLagMs", () -> watermarkLagMs);
  }

  @Override
  public void processElement(Arrival arrival, Context context, Collector<Candidate> out) {
    if (arrival.transaction == null) {
      unread.inc();
      context.output(REJECTIONS, arrival.rejection);
      return;
    }
    long watermark = context.timerService().currentWatermark();
    if (watermark != Long.MIN_VALUE) watermarkLagMs = System.currentTimeMillis() - watermark;
    out.collect(candidate(arrival.transaction));
  }

  private Candidate candidate(Transaction transaction) {
    Candidate candidate = new Candidate();
    candidate.transactionId = transaction.transactionId;
    candidate.cardId = transaction.cardId;
    candidate.eventTime = transaction.eventTime;
    candidate.sourceIp = transaction.sourceIp;
    candidate.merchantId = transaction.merchantId;
    candidate.data = transaction.data;
    candidate.facts = Facts.of(transaction, addresses);
    candidate.features = new float[Manifest.WIDTH];
    OwnFeatures.write(transaction, candidate.facts, candidate.features);
    if (transaction.sourceIp != null && candidate.facts.ipCountry == 0) withoutNetwork.inc();
    return candidate;
  }
}
