package io.fraudstream.job;

import io.fraudstream.features.MerchantFeatures;
import io.fraudstream.features.MerchantPast;
import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.records.Instants;
import io.fraudstream.records.Label;
import io.fraudstream.scoring.Candidate;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/** Per merchant: learns of reported frauds and computes the features of its past. */
final class MerchantStage extends KeyedCoProcessFunction<String, Candidate, Label, Candidate> {
  private static final long serialVersionUID = 1;

  private final boolean isByEventTime;
  private transient ValueState<MerchantPast> past;
  private transient ReportsToCome reports;
  private transient MapState<String, Boolean> heard;
  private transient MerchantFeatures features;
  private transient Counter late;
  private transient Counter labels;

  /** By event time, a label waits for its report; else it is true as soon as it is there. */
  MerchantStage(boolean isByEventTime) {
    this.isByEventTime = isByEventTime;
  }

  /** The merchant; transactions without one are spread by their cards and keep no state. */
  static String key(Candidate candidate) {
    return candidate.merchantId == null ? "card " + candidate.cardId : candidate.merchantId;
  }

  @Override
  public void open(OpenContext context) {
    var pasts = new ValueStateDescriptor<>("merchant-past", MerchantPast.class);
    pasts.enableTimeToLive(Forgetting.ofFeatures());
    past = getRuntimeContext().getState(pasts);
    if (isByEventTime) {
      reports = new ReportsToCome(getRuntimeContext());
    }
    var labelled = new MapStateDescriptor<>("labelled-transactions", String.class, Boolean.class);
    labelled.enableTimeToLive(Forgetting.ofFeatures());
    heard = getRuntimeContext().getMapState(labelled);
    features = new MerchantFeatures();
    MetricGroup metrics = PublishedMetrics.of(getRuntimeContext().getMetricGroup());
    late = metrics.counter("late");
    labels = metrics.counter("labels");
  }

  @Override
  public void processElement1(Candidate candidate, Context context, Collector<Candidate> out)
      throws Exception {
    if (candidate.merchantId == null) {
      MerchantFeatures.writeMissing(candidate.features);
    } else {
      MerchantPast known = known();
      if (isByEventTime) known.frauds += reports.takeUntil(candidate.facts.time);
      known.endAfterSilence(candidate.facts);
      if (known.isLate(candidate.facts)) late.inc();
      features.write(known, candidate.facts, candidate.features);
      known.remember(candidate.facts);
      past.update(known);
    }
    out.collect(candidate);
  }

  @Override
  public void processElement2(Label label, Context context, Collector<Candidate> out)
      throws Exception {
    // By event time a fraud that does not say when it became known teaches nothing, as in the CLI.
    if (isByEventTime && label.reportedAtMs == Instants.NONE) return;
    if (heard.contains(label.transactionId)) return;
    heard.put(label.transactionId, true);
    labels.inc();
    if (isByEventTime) {
      reports.add(label.reportedAtMs);
      return;
    }
    MerchantPast known = known();
    known.frauds += 1;
    past.update(known);
  }

  private MerchantPast known() throws Exception {
    MerchantPast known = past.value();
    return known == null ? new MerchantPast() : known;
  }
}
