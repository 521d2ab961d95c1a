package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.ServiceErrors;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reading of one shard: one request in flight, requests at least one interval apart, and so few
 * records in each that the shard gives less than it may.
 *
 * <p>Times are milliseconds of a clock that never goes back. Called by one thread.
 */
final class PolledShard {
  private static final Logger LOG = LoggerFactory.getLogger(PolledShard.class);

  /** A shard gives 2 MB a second, over all who read it. Source: Kinesis quotas. */
  static final long BYTES_PER_SECOND = 2_000_000;

  static final int MOST_RECORDS = 10_000;

  /** The first read: small enough even where each record is of 1 MiB. */
  static final int FIRST_RECORDS = 20;

  private static final long SHORTEST_BACKOFF_MS = 250;
  private static final long LONGEST_BACKOFF_MS = 5_000;
  private static final int DOUBLINGS = 5;

  /** So long a refusal, as of missing permissions, may last before the job fails by it. */
  private static final long PATIENCE_MS = 120_000;

  private static final long SECOND_MS = 1_000;

  private final String shardId;
  private final StreamReads stream;
  private final long intervalMs;
  private final DoubleSupplier random;
  private final ReadMetrics metrics;

  private Position position;
  private String iterator;
  private int limit = FIRST_RECORDS;
  private long dueAt;
  private long askedAt;
  private boolean isInFlight;
  private boolean isGone;
  private int failures;
  private long refusedSince;

  PolledShard(
      ShardSplit split,
      StreamReads stream,
      long intervalMs,
      DoubleSupplier random,
      ReadMetrics metrics) {
    this.shardId = split.shardId();
    this.position = split.position();
    this.stream = stream;
    this.intervalMs = intervalMs;
    this.random = random;
    this.metrics = metrics;
  }

  /** When the next request is due; never while one is in flight. */
  long dueAt() {
    return isInFlight ? Long.MAX_VALUE : dueAt;
  }

  /** Makes the next request; {@code answered} is called by a thread of the client. */
  void ask(long now, BiConsumer<GetRecordsResponse, Throwable> answered) {
    isInFlight = true;
    askedAt = now;
    records().whenComplete(answered);
  }

  private CompletableFuture<GetRecordsResponse> records() {
    if (isGone) return lookForShard();
    if (iterator != null) return stream.records(iterator, limit);
    return stream
        .iterator(shardId, position)
        .thenCompose(
            first -> {
              iterator = first;
              return stream.records(first, limit);
            });
  }

  /** Whether it is the shard that is gone, or the stream; the latter is the error of the look. */
  private CompletableFuture<GetRecordsResponse> lookForShard() {
    return stream
        .shards()
        .thenApply(
            shards -> {
              boolean isListed = shards.stream().anyMatch(one -> one.shardId().equals(shardId));
              isGone = false;
              iterator = null;
              if (isListed) return GetRecordsResponse.builder().nextShardIterator("").build();
              LOG.warn(
                  "{} is gone before it was read from {} on: its records were kept no longer.",
                  shardId,
                  position);
              return GetRecordsResponse.builder().build();
            });
  }

  /** The records of an answer; afterwards the shard is at its end where {@link #isRead}. */
  List<Record> answered(GetRecordsResponse answer, long now) {
    isInFlight = false;
    failures = 0;
    refusedSince = 0;
    boolean isLook = "".equals(answer.nextShardIterator());
    List<Record> records = answer.records();
    long bytes = 0;
    for (Record record : records) bytes += record.data().asByteArrayUnsafe().length;
    metrics.read(shardId, records.size(), bytes, answer.millisBehindLatest());
    if (!records.isEmpty()) {
      position = Position.after(records.get(records.size() - 1).sequenceNumber());
      limit = limitFor(Math.max(1, bytes / records.size()));
    }
    iterator = isLook ? null : answer.nextShardIterator();
    if (answer.nextShardIterator() == null) position = Position.SHARD_END;
    dueAt = Math.max(askedAt + Math.max(intervalMs, bytes * SECOND_MS / BYTES_PER_SECOND), now);
    return records;
  }

  private int limitFor(long bytesPerRecord) {
    long most = BYTES_PER_SECOND * intervalMs / SECOND_MS / bytesPerRecord;
    return (int) Math.max(1, Math.min(MOST_RECORDS, most));
  }

  boolean isRead() {
    return position.kind() == Position.Kind.SHARD_END;
  }

  /**
   * Takes note of a request that failed and tries again later.
   *
   * <p>Errors: {@link ReadFailedException} where trying again is of no use.
   */
  void failed(Throwable error, long now) {
    isInFlight = false;
    if (ServiceErrors.code(error).equals("ExpiredIteratorException")) {
      metrics.expired();
      iterator = null;
      dueAt = askedAt + intervalMs;
      return;
    }
    if (ServiceErrors.isThrottled(error)) metrics.throttled();
    else refusedOrBroken(error, now);
    dueAt = now + backoff();
  }

  private void refusedOrBroken(Throwable error, long now) {
    metrics.retried();
    boolean isMissing = ServiceErrors.isNotFound(error);
    if (isMissing && isGone) throw new ReadFailedException(shardId, position, error);
    isGone = isMissing;
    boolean isOfPosition = iterator == null && position.kind() == Position.Kind.AFTER_SEQUENCE;
    if (ServiceErrors.isInvalid(error)) {
      if (isOfPosition) throw new ReadFailedException(shardId, position, error);
      iterator = null;
    }
    if (!ServiceErrors.isRefused(error) || isMissing) refusedSince = 0;
    else if (refusedSince == 0) refusedSince = now;
    else if (now - refusedSince > PATIENCE_MS) {
      throw new ReadFailedException(shardId, position, error);
    }
    // At 1, 2, 4, ... failures in a row.
    if (Integer.bitCount(failures + 1) == 1) {
      String said = ServiceErrors.text(error);
      LOG.warn(
          "{} could not be read, {} in a row: {}. It is tried again.", shardId, failures, said);
    }
  }

  /** Full jitter over a wait that doubles. */
  private long backoff() {
    long longest = SHORTEST_BACKOFF_MS << Math.min(failures, DOUBLINGS);
    failures += 1;
    long wait = Math.min(longest, LONGEST_BACKOFF_MS);
    return Math.max(intervalMs, (long) (wait * random.getAsDouble()));
  }
}
