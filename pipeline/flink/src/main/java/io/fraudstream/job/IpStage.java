package io.fraudstream.job;

import io.fraudstream.features.IpFeatures;
import io.fraudstream.features.KeyPast;
import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.scoring.Candidate;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Per source address: computes the features of its past. */
final class IpStage extends KeyedProcessFunction<String, Candidate, Candidate> {
  private static final long serialVersionUID = 1;

  private transient ValueState<KeyPast> past;
  private transient IpFeatures features;
  private transient Counter late;

  /** The address; transactions without one are spread by their cards and keep no state. */
  static String key(Candidate candidate) {
    return candidate.sourceIp == null ? "card " + candidate.cardId : candidate.sourceIp;
  }

  @Override
  public void open(OpenContext context) {
    var pasts = new ValueStateDescriptor<>("ip-past", KeyPast.class);
    pasts.enableTimeToLive(Forgetting.ofFeatures());
    past = getRuntimeContext().getState(pasts);
    features = new IpFeatures();
    MetricGroup metrics = PublishedMetrics.of(getRuntimeContext().getMetricGroup());
    late = metrics.counter("late");
  }

  @Override
  public void processElement(Candidate candidate, Context context, Collector<Candidate> out)
      throws Exception {
    if (candidate.sourceIp == null) {
      IpFeatures.writeMissing(candidate.features);
    } else {
      KeyPast known = past.value();
      if (known == null) known = new KeyPast();
      if (known.isLate(candidate.facts)) late.inc();
      features.write(known, candidate.facts, candidate.features);
      IpFeatures.remember(known, candidate.facts);
      past.update(known);
    }
    out.collect(candidate);
  }
}
