package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.PublishedMetrics;
import io.fraudstream.kinesis.ServiceErrors;
import io.fraudstream.kinesis.StreamAddress;
import io.fraudstream.kinesis.StreamGoneException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the shards of a stream, at the start and again at every interval, and gives each to the
 * reader that has the fewest.
 *
 * <p>A look that fails is made good by the next one. Only where the stream does not exist the job
 * ends, and where Kinesis refuses the very first look the job fails and says why.
 */
final class ShardEnumerator implements SplitEnumerator<ShardSplit, ShardEnumeratorState> {
  private static final Logger LOG = LoggerFactory.getLogger(ShardEnumerator.class);

  private final SplitEnumeratorContext<ShardSplit> context;
  private final StreamAddress address;
  private final StreamReads stream;
  private final ShardLedger ledger;
  private final long intervalMs;
  private final Counter failedLooks;

  /** The shards of each reader that has said which it has. */
  private final Map<Integer, Set<String>> owned = new HashMap<>();

  private boolean hasListed;

  ShardEnumerator(
      SplitEnumeratorContext<ShardSplit> context,
      StreamAddress address,
      StreamReads stream,
      ShardLedger ledger,
      Duration interval) {
    this.context = context;
    this.address = address;
    this.stream = stream;
    this.ledger = ledger;
    this.intervalMs = interval.toMillis();
    this.failedLooks = PublishedMetrics.of(context.metricGroup()).counter("shardDiscoveryFailures");
  }

  @Override
  public void start() {
    context.metricGroup().setUnassignedSplitsGauge(ledger::waiting);
    context.callAsync(this::look, this::listed, 0, intervalMs);
  }

  private List<ShardLedger.Listed> look() throws Exception {
    return stream.shards().get();
  }

  private void listed(List<ShardLedger.Listed> shards, Throwable error) {
    if (error != null) {
      failed(error);
      return;
    }
    hasListed = true;
    ledger.list(shards);
    assign();
  }

  private void failed(Throwable error) {
    if (ServiceErrors.isNotFound(error)) {
      throw new StreamGoneException(address.stream(), address.usedRegion(), error);
    }
    String said = "The shards of %s cannot be listed: %s.";
    String text = said.formatted(address.stream(), ServiceErrors.text(error));
    if (!hasListed && ServiceErrors.isRefused(error)) throw new IllegalStateException(text, error);
    failedLooks.inc();
    LOG.warn("{} The next look is in {} ms.", text, intervalMs);
  }

  /** Nothing before every reader has said what it has: the first one would get it all. */
  private void assign() {
    boolean isComplete =
        owned.size() == context.currentParallelism()
            && context.registeredReaders().keySet().containsAll(owned.keySet());
    if (!isComplete) return;
    for (List<ShardSplit> ready = ledger.ready(); !ready.isEmpty(); ready = ledger.ready()) {
      for (ShardSplit split : ready) assign(split);
    }
  }

  private void assign(ShardSplit split) {
    int reader =
        owned.entrySet().stream()
            .min(
                Comparator.comparingInt(
                        (Map.Entry<Integer, Set<String>> one) -> one.getValue().size())
                    .thenComparing(Map.Entry::getKey))
            .orElseThrow()
            .getKey();
    LOG.info("{}, from {} on, goes to reader {}.", split.shardId(), split.position(), reader);
    context.assignSplit(split, reader);
    owned.get(reader).add(split.shardId());
    ledger.began(split.shardId());
  }

  @Override
  public void handleSourceEvent(int reader, SourceEvent event) {
    if (event instanceof ShardsOwnedEvent mine) {
      owned.put(reader, new HashSet<>(mine.shardIds()));
      mine.shardIds().forEach(ledger::owned);
      assign();
    } else if (event instanceof ShardFinishedEvent finished) {
      owned.getOrDefault(reader, new HashSet<>()).remove(finished.shardId());
      ledger.finished(finished.shardId());
      if (ledger.lacksChildren(finished.shardId())) context.callAsync(this::look, this::listed);
      assign();
    }
  }

  @Override
  public void addSplitsBack(List<ShardSplit> splits, int reader) {
    owned.remove(reader);
    splits.forEach(ledger::givenBack);
  }

  @Override
  public void addReader(int reader) {
    // It is counted once it has said which shards it has.
  }

  @Override
  public void handleSplitRequest(int reader, String host) {
    // Shards are given, not asked for.
  }

  @Override
  public ShardEnumeratorState snapshotState(long checkpointId) {
    return ledger.snapshot();
  }

  @Override
  public void close() {
    stream.close();
  }
}
