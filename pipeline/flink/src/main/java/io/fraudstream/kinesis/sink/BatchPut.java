package io.fraudstream.kinesis.sink;

import io.fraudstream.kinesis.ServiceErrors;
import io.fraudstream.kpl.HashKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResultEntry;

/**
 * Puts the entries of one batch to one stream and remembers what came of each.
 *
 * <p>Rounds follow each other. A record whose partition key failed in an earlier round is not sent,
 * so that a card's records arrive in their order however often they are put again.
 */
final class BatchPut {
  /** Source: Kinesis API reference, PutRecords. */
  private static final int MOST_RECORDS = 500;

  /** Half of what a request may have: several are in flight at once. */
  private static final int REQUEST_BYTES = 5 * 1024 * 1024;

  private final StreamWrites stream;
  private final List<SinkEntry> entries;
  private final WriteMetrics metrics;
  private final Set<Integer> delivered = new HashSet<>();
  private final Map<Integer, String> refused = new HashMap<>();
  private final Set<String> failedKeys = new HashSet<>();
  private final List<PackedRecord> elsewhere = new ArrayList<>();
  private Throwable error;

  BatchPut(StreamWrites stream, List<SinkEntry> entries, WriteMetrics metrics) {
    this.stream = stream;
    this.entries = entries;
    this.metrics = metrics;
  }

  /** Completes when all rounds are over, never exceptionally. */
  CompletableFuture<Void> put(List<PackedRecord> packed) {
    SortedMap<Integer, List<PackedRecord>> rounds = new TreeMap<>();
    for (PackedRecord record : packed) {
      rounds.computeIfAbsent(record.round(), round -> new ArrayList<>()).add(record);
    }
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (List<PackedRecord> ofRound : rounds.values()) {
      done = done.thenCompose(before -> putRound(ofRound));
    }
    return done;
  }

  private CompletableFuture<Void> putRound(List<PackedRecord> records) {
    List<CompletableFuture<Void>> requests = new ArrayList<>();
    List<PackedRecord> request = new ArrayList<>();
    int bytes = 0;
    for (PackedRecord record : sendable(records)) {
      boolean isFull = request.size() == MOST_RECORDS || bytes + record.sizeBytes() > REQUEST_BYTES;
      if (isFull && !request.isEmpty()) {
        requests.add(putRequest(request));
        request = new ArrayList<>();
        bytes = 0;
      }
      request.add(record);
      bytes += record.sizeBytes();
    }
    if (!request.isEmpty()) requests.add(putRequest(request));
    return CompletableFuture.allOf(requests.toArray(CompletableFuture[]::new));
  }

  /** Nothing after a request that failed as a whole: each round would wait for its timeout. */
  private synchronized List<PackedRecord> sendable(List<PackedRecord> records) {
    if (error != null) return List.of();
    List<PackedRecord> sendable = new ArrayList<>();
    for (PackedRecord record : records) {
      if (record.keys().stream().noneMatch(failedKeys::contains)) sendable.add(record);
      else failedKeys.addAll(record.keys());
    }
    return sendable;
  }

  private CompletableFuture<Void> putRequest(List<PackedRecord> records) {
    return stream
        .put(records.stream().map(PackedRecord::entry).toList())
        .handle((response, failure) -> settled(records, response, failure))
        .thenCompose(next -> next);
  }

  private CompletableFuture<Void> settled(
      List<PackedRecord> records, PutRecordsResponse response, Throwable failure) {
    if (failure == null) {
      answered(records, response.records());
    } else if (ServiceErrors.isInvalid(failure)) {
      return isolated(records, failure);
    } else {
      failed(records, failure);
    }
    return CompletableFuture.completedFuture(null);
  }

  private synchronized void answered(
      List<PackedRecord> records, List<PutRecordsResultEntry> results) {
    for (int entry = 0; entry < records.size(); entry++) {
      PackedRecord record = records.get(entry);
      PutRecordsResultEntry result = results.get(entry);
      if (result.errorCode() != null) {
        if (result.errorCode().equals("ProvisionedThroughputExceededException")) {
          metrics.throttled();
        } else {
          metrics.retried();
        }
        failedKeys.addAll(record.keys());
        continue;
      }
      metrics.put(record);
      for (int index : record.indexes()) delivered.add(index);
      if (record.shardId() != null && !record.shardId().equals(result.shardId())) {
        metrics.toOtherShard();
        elsewhere.add(record);
      }
    }
  }

  private synchronized void failed(List<PackedRecord> records, Throwable failure) {
    error = failure;
    for (PackedRecord record : records) {
      failedKeys.addAll(record.keys());
      if (ServiceErrors.isThrottled(failure)) metrics.throttled();
      else metrics.retried();
    }
  }

  /** One record makes a whole request invalid: halves are put until it stands alone. */
  private CompletableFuture<Void> isolated(List<PackedRecord> records, Throwable failure) {
    if (records.size() > 1) {
      int half = records.size() / 2;
      return putRequest(records.subList(0, half))
          .thenCompose(first -> putRequest(records.subList(half, records.size())));
    }
    PackedRecord record = records.get(0);
    if (record.indexes().length > 1) return putAlone(record);
    synchronized (this) {
      metrics.refused();
      refused.put(record.indexes()[0], ServiceErrors.text(failure));
    }
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Void> putAlone(PackedRecord aggregate) {
    CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
    for (int index : aggregate.indexes()) {
      List<PackedRecord> alone = Packing.of(entries, List.of(index), ShardMap.UNKNOWN, true, false);
      done = done.thenCompose(before -> putRequest(alone));
    }
    return done;
  }

  synchronized boolean isDelivered(int index) {
    return delivered.contains(index);
  }

  /** Why Kinesis did not take it, or null. */
  synchronized String refusal(int index) {
    return refused.get(index);
  }

  /** The last error of a whole request, or null. */
  synchronized Throwable error() {
    return error;
  }

  /** Whether an aggregate arrived on another shard than expected: the shards have changed. */
  synchronized boolean hasChangedShards() {
    return !elsewhere.isEmpty();
  }

  /**
   * What arrived on another shard than the one that these shards give for it is put again: a KCL
   * drops an aggregate that has a record of another shard.
   */
  synchronized void repeatElsewhere(ShardMap now) {
    for (PackedRecord record : elsewhere) {
      boolean isTogether =
          record.keys().stream()
                  .map(key -> String.valueOf(now.shardOf(HashKey.of(key))))
                  .distinct()
                  .count()
              == 1;
      if (isTogether) continue;
      for (int index : record.indexes()) delivered.remove(index);
    }
  }
}
