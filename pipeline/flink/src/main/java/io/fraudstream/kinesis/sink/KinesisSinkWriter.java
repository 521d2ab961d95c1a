package io.fraudstream.kinesis.sink;

import io.fraudstream.kinesis.ServiceErrors;
import io.fraudstream.kinesis.StreamAddress;
import io.fraudstream.kinesis.StreamGoneException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.base.sink.writer.AsyncSinkWriter;
import org.apache.flink.connector.base.sink.writer.BufferedRequestState;
import org.apache.flink.connector.base.sink.writer.DequeRequestBuffer;
import org.apache.flink.connector.base.sink.writer.ResultHandler;
import org.apache.flink.connector.base.sink.writer.SimpleBatchCreator;
import org.apache.flink.connector.base.sink.writer.config.AsyncSinkWriterConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts batches of user records, aggregated, to a stream and what it does not take to that of the
 * rejections. What failed for now is put again, before all that came after it.
 */
final class KinesisSinkWriter<T> extends AsyncSinkWriter<T, SinkEntry> {
  private static final Logger LOG = LoggerFactory.getLogger(KinesisSinkWriter.class);

  private static final long SHORTEST_BACKOFF_MS = 100;
  private static final long LONGEST_BACKOFF_MS = 5_000;
  private static final int DOUBLINGS = 6;

  /** So long a refusal, as of missing permissions, may last before the job fails by it. */
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(2);

  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** What waits or is in flight, at most: beyond that the writer waits for Kinesis. */
  private static final long MOST_BYTES = 64L * 1024 * 1024;

  /** Stands for a record that was left out: a batch steps over it. */
  private static final SinkEntry NOTHING = new SinkEntry(false, "", new byte[0]);

  private final KinesisSink.Streams streams;
  private final SinkRecords<T> records;
  private final boolean isAggregated;
  private final boolean isOrdered;
  private final WriteMetrics metrics;
  private final AtomicLong bytesHere;
  private final AtomicInteger failures = new AtomicInteger();
  private volatile ShardMap shards;
  private volatile long refusedSince;
  private volatile long askedAt = System.nanoTime();

  KinesisSinkWriter(
      KinesisSink.Streams streams,
      SinkRecords<T> records,
      KinesisSink.Form form,
      WriterInitContext context,
      AsyncSinkWriterConfiguration configuration,
      Collection<BufferedRequestState<SinkEntry>> restored) {
    this(
        streams,
        records,
        form,
        context,
        configuration,
        restored,
        new WriteMetrics(context.metricGroup()),
        new AtomicLong());
  }

  /** What the element converter needs exists before the writer that it is given to. */
  private KinesisSinkWriter(
      KinesisSink.Streams streams,
      SinkRecords<T> records,
      KinesisSink.Form form,
      WriterInitContext context,
      AsyncSinkWriterConfiguration configuration,
      Collection<BufferedRequestState<SinkEntry>> restored,
      WriteMetrics metrics,
      AtomicLong bytesHere) {
    super(
        (element, writing) -> {
          SinkEntry entry =
              checked(records.entry(element, streams.recordBytes()), streams, records, metrics);
          bytesHere.addAndGet(entry.sizeBytes());
          return entry;
        },
        context,
        configuration,
        restored,
        new SimpleBatchCreator<>(configuration.getMaxBatchSizeInBytes()),
        new DequeRequestBuffer<>());
    this.streams = streams;
    this.records = records;
    this.isAggregated = form.isAggregated();
    this.isOrdered = form.isOrdered();
    this.metrics = metrics;
    this.bytesHere = bytesHere;
    this.shards = streams.shards();
    for (var state : restored) bytesHere.addAndGet(state.getStateSize());
  }

  /** The entry, or the rejection of one that Kinesis would not take. */
  private static SinkEntry checked(
      SinkEntry entry, KinesisSink.Streams streams, SinkRecords<?> records, WriteMetrics metrics) {
    String problem = entry.problem(streams.recordBytes());
    if (problem == null) return entry;
    metrics.refused();
    SinkEntry rejection = records.rejection(entry, problem, streams.rejectionBytes());
    if (rejection != null) return rejection.asRejection();
    LOG.error("A record for {} was left out: {}.", streams.name(), problem);
    metrics.dropped();
    return NOTHING;
  }

  @Override
  public void write(T element, Context context) throws IOException, InterruptedException {
    if (bytesHere.get() > MOST_BYTES) flush(true);
    super.write(element, context);
  }

  @Override
  protected long getSizeInBytes(SinkEntry entry) {
    return entry.sizeBytes();
  }

  @Override
  protected void submitRequestEntries(List<SinkEntry> entries, ResultHandler<SinkEntry> handler) {
    BatchPut own = new BatchPut(streams.own(), entries, metrics);
    BatchPut rejected = new BatchPut(streams.rejects(), entries, metrics);
    CompletableFuture.allOf(own.put(pack(entries, false)), rejected.put(pack(entries, true)))
        .thenCompose(done -> withShardsOf(own))
        .whenComplete(
            (done, bug) -> {
              if (bug == null) settle(entries, own, rejected, handler);
              else handler.completeExceptionally(new IllegalStateException(bug));
            });
  }

  private List<PackedRecord> pack(List<SinkEntry> entries, boolean isRejection) {
    List<Integer> indexes = new ArrayList<>();
    for (int index = 0; index < entries.size(); index++) {
      SinkEntry entry = entries.get(index);
      boolean isNothing = entry.key().isEmpty();
      if (entry.isRejection() == isRejection && !isNothing) indexes.add(index);
    }
    ShardMap known = isRejection ? ShardMap.UNKNOWN : shards;
    return Packing.of(entries, indexes, known, isAggregated && !isRejection, isOrdered);
  }

  /** Where the shards were not told at the start. */
  private boolean isTimeToAsk() {
    long now = System.nanoTime();
    if (!isAggregated || now - askedAt < ASK_AGAIN_NANOS) return false;
    askedAt = now;
    return true;
  }

  /** Where shards have changed, those of now; where they cannot be listed all is as it was. */
  private CompletableFuture<Void> withShardsOf(BatchPut put) {
    boolean isAsked = put.hasChangedShards() || shards == ShardMap.UNKNOWN && isTimeToAsk();
    if (!isAsked) return CompletableFuture.completedFuture(null);
    return streams
        .own()
        .shards()
        .handle(
            (now, error) -> {
              if (error == null) {
                shards = now;
                put.repeatElsewhere(now);
              } else {
                LOG.warn("The shards of {}: {}", streams.name(), ServiceErrors.text(error));
              }
              return null;
            });
  }

  private void settle(
      List<SinkEntry> entries, BatchPut own, BatchPut rejected, ResultHandler<SinkEntry> handler) {
    Throwable error = own.error() == null ? rejected.error() : own.error();
    Exception fatal = error == null ? null : fatal(error);
    if (fatal != null) {
      handler.completeExceptionally(fatal);
      return;
    }
    if (error == null) refusedSince = 0;
    List<SinkEntry> again = new ArrayList<>();
    long before = 0;
    long after = 0;
    for (int index = 0; index < entries.size(); index++) {
      SinkEntry entry = entries.get(index);
      before += entry.sizeBytes();
      SinkEntry next = next(entry, index, entry.isRejection() ? rejected : own);
      if (next == null) continue;
      again.add(next);
      after += next.sizeBytes();
    }
    bytesHere.addAndGet(after - before);
    if (again.isEmpty()) {
      failures.set(0);
      handler.complete();
    } else {
      long wait = backoff(failures.getAndIncrement());
      CompletableFuture.delayedExecutor(wait, TimeUnit.MILLISECONDS)
          .execute(() -> handler.retryForEntries(again));
    }
  }

  /** What is still to be put for an entry, or null. */
  private SinkEntry next(SinkEntry entry, int index, BatchPut put) {
    if (entry.key().isEmpty() || put.isDelivered(index)) return null;
    String refusal = put.refusal(index);
    if (refusal == null) return entry;
    SinkEntry rejection =
        entry.isRejection() ? null : records.rejection(entry, refusal, streams.rejectionBytes());
    if (rejection != null) return rejection.asRejection();
    LOG.error("A record for {} was left out: {}", streams.name(), refusal);
    metrics.dropped();
    return null;
  }

  /** Why the job must fail, or null where the batch is put again. */
  private Exception fatal(Throwable error) {
    StreamAddress address = streams.address();
    if (ServiceErrors.isNotFound(error)) {
      return new StreamGoneException(streams.name(), address.usedRegion(), error);
    }
    LOG.warn("Putting to {}: {}. It is put again.", streams.name(), ServiceErrors.text(error));
    if (!ServiceErrors.isRefused(error)) {
      refusedSince = 0;
      return null;
    }
    long now = System.nanoTime();
    if (refusedSince == 0) refusedSince = now;
    if (now - refusedSince < PATIENCE_NANOS) return null;
    String text = "Nothing can be put to %s: %s.";
    return new IllegalStateException(
        text.formatted(streams.name(), ServiceErrors.text(error)), error);
  }

  /** Full jitter over a wait that doubles. */
  private static long backoff(int failures) {
    long longest =
        Math.min(LONGEST_BACKOFF_MS, SHORTEST_BACKOFF_MS << Math.min(failures, DOUBLINGS));
    return SHORTEST_BACKOFF_MS / 2 + ThreadLocalRandom.current().nextLong(longest);
  }

  @Override
  public void close() {
    super.close();
    streams.close();
  }
}
