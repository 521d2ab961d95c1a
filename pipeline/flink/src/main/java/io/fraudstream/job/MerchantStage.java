package io.fraudstream.job;

import io.fraudstream.features.MerchantFeatures;
import io.fraudstream.features.MerchantPast;
import io.fraudstream.records.Label;
import io.fraudstream.scoring.Candidate;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.KeyedCoProcessFunction;
import org.apache.flink.util.Collector;

/** Per merchant: learns of reported frauds and computes the features of its past. */
final class MerchantStage extends KeyedCoProcessFunction<String, Candidate, Label, Candidate> {
  private static final long serialVersionUID = 1;

  private transient ValueState<MerchantPast> past;
  private transient MerchantFeatures features;
  private transient Counter late;
  private transient Counter labels;

  /** The merchant; transactions without one are spread by their cards and keep no state. */
  static String key(Candidate candidate) {
    return candidate.merchantId == null ? "card " + candidate.cardId : candidate.merchantId;
  }

  @Override
  public void open(OpenContext context) {
    var pasts = new ValueStateDescriptor<>("merchant-past", MerchantPast.class);
    pasts.enableTimeToLive(Forgetting.ofFeatures());
    past = getRuntimeContext().getState(pasts);
    features = new MerchantFeatures();
    late = getRuntimeContext().getMetricGroup().counter("late");
    labels = getRuntimeContext().getMetricGroup().counter("labels");
  }

  @Override
  public void processElement1(Candidate candidate, Context context, Collector<Candidate> out)
      throws Exception {
    if (candidate.merchantId == null) {
      MerchantFeatures.writeMissing(candidate.features);
    } else {
      MerchantPast known = known();
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
    MerchantPast known = known();
    known.frauds += 1;
    past.update(known);
    labels.inc();
  }

  private MerchantPast known() throws Exception {
    MerchantPast known = past.value();
    return known == null ? new MerchantPast() : known;
  }
}
