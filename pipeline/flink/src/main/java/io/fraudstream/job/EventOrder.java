package io.fraudstream.job;

import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.scoring.Candidate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
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
 * passed it. A late one, which comes after that, leaves at once.
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

  /** Candidates that leave in one go when the input is idle. */
  private static final int SLICE = 256;

  private static final Comparator<Candidate> BY_ID =
      Comparator.comparing(candidate -> candidate.transactionId);

  private transient MapStateDescriptor<Long, List<Candidate>> byTime;
  private transient MapState<Long, List<Candidate>> waiting;
  private transient InternalTimerService<VoidNamespace> timers;
  private transient Counter tooLate;
  private transient Counter tooEarly;
  private transient MailboxExecutor mailbox;

  /** Keys of what is still to leave since the input is idle. */
  private transient Deque<String> toRelease;

  private transient boolean isIdle;

  @Override
  public void open() throws Exception {
    super.open();
    TypeInformation<List<Candidate>> candidates = Types.LIST(TypeInformation.of(Candidate.class));
    byTime = new MapStateDescriptor<>("waiting-for-watermark", Types.LONG, candidates);
    waiting = getKeyedStateStore().getMapState(byTime);
    toRelease = new ArrayDeque<>();
    mailbox =
        getContainingTask()
            .getMailboxExecutorFactory()
            .createExecutor(getOperatorConfig().getChainIndex());
    timers = getInternalTimerService("event-order", VoidNamespaceSerializer.INSTANCE, this);
    tooLate = PublishedMetrics.of(getMetricGroup()).counter("tooLate");
    tooEarly = PublishedMetrics.of(getMetricGroup()).counter("tooEarly");
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

  /**
   * Idle: whatever waits leaves, in slices, between which barriers and records pass. The status
   * follows the last of it; where the input is active before that, it was never idle.
   */
  @Override
  public void processWatermarkStatus(WatermarkStatus status) throws Exception {
    if (status.isActive()) {
      toRelease.clear();
      if (isIdle) super.processWatermarkStatus(status);
      isIdle = false;
      return;
    }
    try (Stream<String> keys =
        this.<String>getKeyedStateBackend().getKeys(byTime.getName(), VoidNamespace.INSTANCE)) {
      toRelease.clear();
      keys.forEach(toRelease::add);
    }
    releaseSlice();
  }

  private void releaseSlice() throws Exception {
    int left = SLICE;
    while (left > 0 && !toRelease.isEmpty()) {
      setCurrentKey(toRelease.peek());
      left = releaseKey(left);
      if (left > 0) toRelease.poll();
    }
    if (toRelease.isEmpty()) {
      if (!isIdle) super.processWatermarkStatus(WatermarkStatus.IDLE);
      isIdle = true;
      return;
    }
    mailbox.execute(this::releaseNextSlice, "more that waits leaves");
  }

  private void releaseNextSlice() throws Exception {
    if (!toRelease.isEmpty()) releaseSlice();
  }

  /** Releases so many of the current key; how many of them are left over. */
  private int releaseKey(int most) throws Exception {
    int left = most;
    for (long time : waitingTimes()) {
      if (left <= 0) return 0;
      left -= waiting.get(time).size();
      releaseUntimely(time);
    }
    return Math.max(0, left);
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
