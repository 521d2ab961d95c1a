package io.fraudstream.job;

import io.fraudstream.features.CardFeatures;
import io.fraudstream.features.KeyPast;
import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.scoring.Candidate;
import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Per card: leaves out transactions that were handled before, numbers the others, and computes the
 * features of the card's past.
 *
 * <p>Duplicates are looked for here and not by a key of their own: copies of a transaction have the
 * same card, and what is never shuffled stays in the order of its shard.
 */
final class CardStage extends KeyedProcessFunction<String, Candidate, Candidate> {
  private static final long serialVersionUID = 1;

  private final Duration duplicateHorizon;
  private transient SeenTransactions seen;
  private transient ValueState<KeyPast> past;
  private transient CardFeatures features;
  private transient Counter duplicates;
  private transient Counter late;

  CardStage(Duration duplicateHorizon) {
    this.duplicateHorizon = duplicateHorizon;
  }

  @Override
  public void open(OpenContext context) {
    seen = new SeenTransactions(getRuntimeContext(), duplicateHorizon);
    var pasts = new ValueStateDescriptor<>("card-past", KeyPast.class);
    pasts.enableTimeToLive(Forgetting.ofFeatures());
    past = getRuntimeContext().getState(pasts);
    features = new CardFeatures();
    MetricGroup metrics = PublishedMetrics.of(getRuntimeContext().getMetricGroup());
    duplicates = metrics.counter("duplicates");
    late = metrics.counter("late");
  }

  @Override
  public void processElement(Candidate candidate, Context context, Collector<Candidate> out)
      throws Exception {
    if (seen.wasSeen(candidate.transactionId, System.currentTimeMillis())) {
      duplicates.inc();
      return;
    }
    KeyPast known = past.value();
    if (known == null) known = new KeyPast();
    candidate.ordinal = known.handled();
    if (known.isLate(candidate.facts)) late.inc();
    features.write(known, candidate.facts, candidate.features);
    CardFeatures.remember(known, candidate.facts);
    past.update(known);
    out.collect(candidate);
  }
}
