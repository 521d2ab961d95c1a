package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.ServiceErrors;
import io.fraudstream.kinesis.StreamAddress;
import io.fraudstream.kinesis.StreamGoneException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import org.apache.flink.connector.base.source.reader.RecordsBySplits;
import org.apache.flink.connector.base.source.reader.RecordsWithSplitIds;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsChange;
import org.apache.flink.connector.base.source.reader.splitreader.SplitsRemoval;
import org.apache.flink.util.clock.RelativeClock;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads all shards of a subtask at once, without a thread for each: requests are made by Flink's
 * fetcher thread, answers come from the threads of the client into one queue.
 *
 * <p>A shard is asked again only when its last answer was taken from here, so that no more than one
 * answer of each waits. What is asked of whom, and when: {@link PolledShard}.
 */
final class ShardPolling implements SplitReader<Record, ShardSplit> {
  /** How a fetch that waits is told to look at its shards anew. */
  private static final Answer WAKE_UP = new Answer(null, null, null);

  private static final long LONGEST_WAIT_MS = 1_000;

  private record Answer(String shardId, GetRecordsResponse response, Throwable error) {}

  private final StreamAddress address;
  private final StreamReads stream;
  private final RelativeClock clock;
  private final DoubleSupplier random;
  private final long intervalMs;
  private final ReadMetrics metrics;
  private final Map<String, PolledShard> shards = new LinkedHashMap<>();
  private final Set<String> paused = new HashSet<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  ShardPolling(
      StreamAddress address,
      StreamReads stream,
      RelativeClock clock,
      DoubleSupplier random,
      long intervalMs,
      ReadMetrics metrics) {
    this.address = address;
    this.stream = stream;
    this.clock = clock;
    this.random = random;
    this.intervalMs = intervalMs;
    this.metrics = metrics;
  }

  @Override
  public RecordsWithSplitIds<Record> fetch() throws IOException {
    Map<String, Collection<Record>> records = new HashMap<>();
    Set<String> finished = new HashSet<>();
    Answer answer = nextAnswer(ask());
    while (answer != null && answer != WAKE_UP) {
      take(answer, records, finished);
      answer = answers.poll();
    }
    return new RecordsBySplits<>(records, finished);
  }

  /** Makes all requests that are due; the milliseconds until the next one is. */
  private long ask() {
    long now = clock.relativeTimeMillis();
    long wait = LONGEST_WAIT_MS;
    for (var entry : shards.entrySet()) {
      if (paused.contains(entry.getKey())) continue;
      PolledShard shard = entry.getValue();
      if (shard.dueAt() <= now) {
        shard.ask(
            now, (response, error) -> answers.add(new Answer(entry.getKey(), response, error)));
      } else {
        wait = Math.min(wait, shard.dueAt() - now);
      }
    }
    return wait;
  }

  private Answer nextAnswer(long waitMs) throws IOException {
    try {
      return answers.poll(waitMs, TimeUnit.MILLISECONDS);
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new IOException("Reading was interrupted.", ended);
    }
  }

  private void take(Answer answer, Map<String, Collection<Record>> records, Set<String> finished) {
    PolledShard shard = shards.get(answer.shardId);
    if (shard == null) return;
    long now = clock.relativeTimeMillis();
    if (answer.error != null) {
      failed(shard, answer.error, now);
      return;
    }
    List<Record> read = shard.answered(answer.response, now);
    if (!read.isEmpty()) {
      records.computeIfAbsent(answer.shardId, id -> new ArrayList<>()).addAll(read);
    }
    if (shard.isRead()) {
      finished.add(answer.shardId);
      forget(answer.shardId);
    }
  }

  private void failed(PolledShard shard, Throwable error, long now) {
    try {
      shard.failed(error, now);
    } catch (ReadFailedException failed) {
      if (!ServiceErrors.isNotFound(error)) throw failed;
      throw new StreamGoneException(address.stream(), address.usedRegion(), error);
    }
  }

  private void forget(String shardId) {
    shards.remove(shardId);
    paused.remove(shardId);
    metrics.forget(shardId);
  }

  @Override
  public void handleSplitsChanges(SplitsChange<ShardSplit> change) {
    if (change instanceof SplitsRemoval) {
      change.splits().forEach(split -> forget(split.shardId()));
      return;
    }
    for (ShardSplit split : change.splits()) {
      shards.put(split.shardId(), new PolledShard(split, stream, intervalMs, random, metrics));
    }
  }

  @Override
  public void pauseOrResumeSplits(Collection<ShardSplit> toPause, Collection<ShardSplit> toResume) {
    toPause.forEach(split -> paused.add(split.shardId()));
    toResume.forEach(split -> paused.remove(split.shardId()));
  }

  @Override
  public void wakeUp() {
    answers.add(WAKE_UP);
  }

  @Override
  public void close() {
    stream.close();
  }
}
