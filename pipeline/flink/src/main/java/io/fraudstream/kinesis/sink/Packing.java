package io.fraudstream.kinesis.sink;

import io.fraudstream.kpl.Deaggregated.Plain;
import io.fraudstream.kpl.Deaggregator;
import io.fraudstream.kpl.HashKey;
import io.fraudstream.kpl.OpenAggregate;
import io.fraudstream.kpl.UserRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * Packs the entries of a batch into Kinesis records: one open aggregate for each shard that their
 * keys fall on, as the KPL does, or one record for each entry.
 *
 * <p>Two records that share a partition key are in different rounds where order counts, so that the
 * second one is put when the first one has arrived.
 */
final class Packing {
  /** AggregationMaxSize and AggregationMaxCount of the KPL. */
  private static final int AGGREGATE_BYTES = 51_200;

  private static final int AGGREGATE_RECORDS = 10_000;

  /** The partition key of every aggregate; the explicit hash key decides. Source: KPL. */
  private static final String AGGREGATE_KEY = "a";

  private static final class Open {
    private final OpenAggregate aggregate = new OpenAggregate(AGGREGATE_BYTES, AGGREGATE_RECORDS);
    private final List<Integer> indexes = new ArrayList<>();
    private final Set<String> keys = new HashSet<>();
  }

  private final ShardMap shards;
  private final boolean isAggregated;
  private final boolean isOrdered;
  private final Deaggregator deaggregator = new Deaggregator();
  private final Map<String, Integer> roundOfKey = new HashMap<>();
  private final List<PackedRecord> packed = new ArrayList<>();

  private Packing(ShardMap shards, boolean isAggregated, boolean isOrdered) {
    this.shards = shards;
    this.isAggregated = isAggregated;
    this.isOrdered = isOrdered;
  }

  /** Kinesis records of the entries at these indexes, in the order in which they are to be put. */
  static List<PackedRecord> of(
      List<SinkEntry> entries,
      List<Integer> indexes,
      ShardMap shards,
      boolean isAggregated,
      boolean isOrdered) {
    Packing packing = new Packing(shards, isAggregated, isOrdered);
    packing.pack(entries, indexes);
    return packing.packed;
  }

  private void pack(List<SinkEntry> entries, List<Integer> indexes) {
    Map<String, Open> openByShard = new LinkedHashMap<>();
    for (int index : indexes) {
      SinkEntry entry = entries.get(index);
      UserRecord record = new UserRecord(entry.key(), null, entry.data());
      String shardId = isAggregated ? shards.shardOf(HashKey.of(entry.key())) : null;
      if (shardId == null) {
        Open alone = new Open();
        add(alone, record, index);
        seal(alone, null);
        continue;
      }
      Open open = openByShard.computeIfAbsent(shardId, id -> new Open());
      if (!add(open, record, index)) {
        seal(open, shardId);
        Open next = new Open();
        add(next, record, index);
        openByShard.put(shardId, next);
      }
    }
    openByShard.forEach((shardId, open) -> seal(open, shardId));
  }

  private static boolean add(Open open, UserRecord record, int index) {
    if (!open.aggregate.tryAdd(record)) return false;
    open.indexes.add(index);
    open.keys.add(record.partitionKey());
    return true;
  }

  private void seal(Open open, String shardId) {
    PutRecordsRequestEntry entry = entryOf(open.aggregate);
    boolean isAlone = open.indexes.size() == 1;
    int keyBytes = entry.partitionKey().getBytes(StandardCharsets.UTF_8).length;
    packed.add(
        new PackedRecord(
            entry,
            open.indexes.stream().mapToInt(Integer::intValue).toArray(),
            open.keys,
            isAlone ? null : shardId,
            roundOf(open.keys),
            entry.data().asByteArrayUnsafe().length + keyBytes));
  }

  private int roundOf(Set<String> keys) {
    if (!isOrdered) return 0;
    int round = 0;
    for (String key : keys) round = Math.max(round, roundOfKey.getOrDefault(key, -1) + 1);
    for (String key : keys) roundOfKey.put(key, round);
    return round;
  }

  /** A lone record goes as it is, unless a reader would take its bytes for an aggregate. */
  private PutRecordsRequestEntry entryOf(OpenAggregate open) {
    UserRecord first = open.first();
    boolean isPlain = open.count() == 1 && deaggregator.deaggregate(first.data()) instanceof Plain;
    PutRecordsRequestEntry.Builder entry = PutRecordsRequestEntry.builder();
    if (isPlain || !isAggregated) {
      entry.partitionKey(first.partitionKey()).data(SdkBytes.fromByteArrayUnsafe(first.data()));
    } else {
      entry
          .partitionKey(AGGREGATE_KEY)
          .explicitHashKey(HashKey.of(first.partitionKey()).decimal())
          .data(SdkBytes.fromByteArrayUnsafe(open.encode()));
    }
    return entry.build();
  }
}
