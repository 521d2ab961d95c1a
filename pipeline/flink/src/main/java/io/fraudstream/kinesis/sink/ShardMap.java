package io.fraudstream.kinesis.sink;

import io.fraudstream.kpl.HashKey;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** Which open shard takes which partition key. Immutable. */
final class ShardMap {
  /** Where the shards of a stream are not known. */
  static final ShardMap UNKNOWN = new ShardMap(new TreeMap<>());

  private final TreeMap<HashKey, String> byFirstKey;

  private ShardMap(TreeMap<HashKey, String> byFirstKey) {
    this.byFirstKey = byFirstKey;
  }

  /** Closed shards, which have a last sequence number, take nothing. */
  static ShardMap of(Collection<Shard> shards) {
    TreeMap<HashKey, String> open = new TreeMap<>();
    for (Shard shard : shards) {
      if (shard.sequenceNumberRange().endingSequenceNumber() != null) continue;
      open.put(HashKey.ofDecimal(shard.hashKeyRange().startingHashKey()), shard.shardId());
    }
    return new ShardMap(open);
  }

  /** The shard that takes the key, or null where it is not known. */
  String shardOf(HashKey key) {
    Map.Entry<HashKey, String> found = byFirstKey.floorEntry(key);
    return found == null ? null : found.getValue();
  }
}
