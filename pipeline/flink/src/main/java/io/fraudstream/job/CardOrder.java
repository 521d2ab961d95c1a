package io.fraudstream.job;

import io.fraudstream.scoring.Candidate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Per card: brings candidates back into the order of the stream, after the stages of addresses and
 * merchants led them along different ways.
 *
 * <p>Nothing is lost on those ways, so that the next ordinal always comes, however long the
 * endpoint holds the stream up. Only of a card that was counted before this stage was there, as
 * after an upgrade from an unordered job, is the next one unknown: its first ones wait {@link
 * #PATIENCE_MS} for others and go on in order.
 */
final class CardOrder extends KeyedProcessFunction<String, Candidate, Candidate> {
  private static final long serialVersionUID = 1;
  private static final long PATIENCE_MS = 60_000;

  private transient ValueState<Long> next;
  private transient MapState<Long, Candidate> waiting;

  @Override
  public void open(OpenContext context) {
    var nexts = new ValueStateDescriptor<>("next-ordinal", Long.class);
    nexts.enableTimeToLive(Forgetting.ofFeatures());
    next = getRuntimeContext().getState(nexts);
    var ones = new MapStateDescriptor<>("waiting-candidates", Long.class, Candidate.class);
    waiting = getRuntimeContext().getMapState(ones);
  }

  @Override
  public void processElement(Candidate candidate, Context context, Collector<Candidate> out)
      throws Exception {
    Long expected = next.value();
    long turn = expected == null ? 0 : expected;
    if (candidate.ordinal > turn) {
      waiting.put(candidate.ordinal, candidate);
      if (expected == null) wakeLater(context.timerService());
      return;
    }
    out.collect(candidate);
    follow(candidate.ordinal + 1, out);
  }

  private static void wakeLater(TimerService timers) {
    timers.registerProcessingTimeTimer(timers.currentProcessingTime() + PATIENCE_MS);
  }

  private void follow(long from, Collector<Candidate> out) throws Exception {
    long turn = from;
    while (!waiting.isEmpty() && waiting.contains(turn)) {
      out.collect(waiting.get(turn));
      waiting.remove(turn);
      turn += 1;
    }
    next.update(turn);
  }

  @Override
  public void onTimer(long timestamp, OnTimerContext context, Collector<Candidate> out)
      throws Exception {
    if (next.value() != null || waiting.isEmpty()) return;
    List<Long> ordinals = new ArrayList<>();
    waiting.keys().forEach(ordinals::add);
    Collections.sort(ordinals);
    for (long ordinal : ordinals) out.collect(waiting.get(ordinal));
    waiting.clear();
    next.update(ordinals.get(ordinals.size() - 1) + 1);
  }
}
