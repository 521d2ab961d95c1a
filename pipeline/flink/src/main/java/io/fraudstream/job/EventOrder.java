package io.fraudstream.job;

import io.fraudstream.scoring.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Per key: candidates leave in the order (event time, transaction_id), each when the watermark has
 * passed it. One that comes later than that leaves at once.
 *
 * <p>Where all inputs are idle no watermark comes any more, so that whatever waits leaves then. No
 * timer of the machine's clock could tell that: while an endpoint is down nothing moves either, but
 * the status travels behind the records, and the source counts no idleness while it is held up.
 *
 * <p>One that is more than a day ahead of the watermark may be of a year that never comes: it waits
 * for a minute of the machine's clock, and then leaves if it still is.
 */
final class EventOrder extends AbstractStreamOperator<Candidate>
    implements OneInputStreamOperator<Candidate, Candidate>, Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1;
  private static final long FAR_AHEAD_MS = Duration.ofDays(1).toMillis();
  private static final long PATIENCE_MS = Duration.ofMinutes(1).toMillis();

  /** Timers of the machine's clock stand on whole seconds, so that many candidates share one. */
  private static final long COARSE_MS = 1_000;

  private static final Comparator<Candidate> BY_ID =
      Comparator.comparing(candidate -> candidate.transactionId);

  private transient MapStateDescriptor<Long, List<Candidate>> byTime;
  private transient MapState<Long, List<Candidate>> waiting;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient Counter tooLate;
  private transient Counter tooEarly;

  @Override
  public void open() throws Exception {
    super.open();
    TypeInformation<List<Candidate>> candidates = Types.LIST(TypeInformation.of(Candidate.class));
    byTime = new MapStateDescriptor<>("waiting-for-watermark", Types.LONG, candidates);
    waiting = getKeyedStateStore().getMapState(byTime);
    timers = getInternalTimerService("event-order", VoidNamespaceSerializer.INSTANCE, this);
    tooLate = getMetricGroup().counter("tooLate");
    tooEarly = getMetricGroup().counter("tooEarly");
  }

  @Override
  public void processElement(StreamRecord<Candidate> record) throws Exception {
    Candidate candidate = record.getValue();
    long time = (long) candidate.facts.time;
    if (time <= timers.currentWatermark()) {
      tooLate.inc();
      output.collect(record);
      return;
    }
    List<Candidate> sameTime = waiting.get(time);
    if (sameTime == null) {
      sameTime = new ArrayList<>();
      timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time);
    }
    sameTime.add(candidate);
    waiting.put(time, sameTime);
    if (isFarAhead(time)) lookAgain(timers.currentProcessingTime() + PATIENCE_MS);
  }

  private boolean isFarAhead(long time) {
    return timers.currentWatermark() < time - FAR_AHEAD_MS;
  }

  private void lookAgain(long atMs) {
    long coarse = (atMs + COARSE_MS - 1) / COARSE_MS * COARSE_MS;
    timers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, coarse);
  }

  /** How many came when the watermark had passed them. */
  long tooLate() {
    return tooLate.getCount();
  }

  /** How many left since the watermark was more than a day behind them. */
  long tooEarly() {
    return tooEarly.getCount();
  }

  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    release(timer.getTimestamp());
  }

  private void release(long time) throws Exception {
    List<Candidate> sameTime = waiting.get(time);
    waiting.remove(time);
    // Stable: a copy of a transaction stays behind its original.
    sameTime.sort(BY_ID);
    for (Candidate candidate : sameTime) output.collect(new StreamRecord<>(candidate, time));
  }

  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    if (status.isIdle()) releaseAll();
    super.processWatermarkStatus(status);
  }

  private void releaseAll() throws Exception {
    this.<String>getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE,
            VoidNamespaceSerializer.INSTANCE,
            byTime,
            (key, ofKey) -> releaseKey());
  }

  private void releaseKey() throws Exception {
    for (long time : waitingTimes()) releaseUntimely(time);
  }

  /** Whatever the watermark says, and its timer with it. */
  private void releaseUntimely(long time) throws Exception {
    timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, time);
    release(time);
  }

  private List<Long> waitingTimes() throws Exception {
    List<Long> times = new ArrayList<>();
    waiting.keys().forEach(times::add);
    Collections.sort(times);
    return times;
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    for (long time : waitingTimes()) {
      if (!isFarAhead(time)) continue;
      tooEarly.inc(waiting.get(time).size());
      releaseUntimely(time);
    }
  }
}
