package io.fraudstream.job;

import io.fraudstream.features.IpFeatures;
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

  private transient ValueState<double[]> ring;
  private transient IpFeatures features;
  private transient Counter late;

  /** The address; transactions without one are spread by their cards and keep no state. */
  static String key(Candidate candidate) {
    return candidate.sourceIp == null ? "card " + candidate.cardId : candidate.sourceIp;
  }

  @Override
  public void open(OpenContext context) {
    var rings = new ValueStateDescriptor<>("ip-ring", double[].class);
    rings.enableTimeToLive(Forgetting.ofFeatures());
    ring = getRuntimeContext().getState(rings);
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
      double[] past = ring.value();
      if (IpFeatures.isLate(past, candidate.facts)) late.inc();
      features.write(past, candidate.facts, candidate.features);
      ring.update(IpFeatures.remember(past, candidate.facts));
    }
    out.collect(candidate);
  }
}
