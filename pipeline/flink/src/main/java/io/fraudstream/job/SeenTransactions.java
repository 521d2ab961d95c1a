package io.fraudstream.job;

import java.time.Duration;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * Deduplication: the transactions of the current key that were handled within a span of time; at
 * least so long.
 *
 * <p>The last ones are a few bytes each in one value ({@link RecentIds}). When there are many, they
 * are moved to buckets, so that neither a look nor a write touches all of a card with thousands.
 * Earlier jars had a map with an entry for each, which cost several objects; it is only read.
 */
final class SeenTransactions {
  private final long horizonMs;
  private final ValueState<byte[]> recent;
  private final MapState<Integer, byte[]> buckets;
  private final MapState<String, Boolean> oldMap;

  SeenTransactions(RuntimeContext context, Duration horizon) {
    horizonMs = horizon.toMillis();
    var ids = new ValueStateDescriptor<>("recent-transactions", byte[].class);
    ids.enableTimeToLive(Forgetting.after(horizon));
    recent = context.getState(ids);
    var moved = new MapStateDescriptor<>("moved-transactions", Integer.class, byte[].class);
    moved.enableTimeToLive(Forgetting.after(horizon));
    buckets = context.getMapState(moved);
    var seen = new MapStateDescriptor<>("seen-transactions", String.class, Boolean.class);
    seen.enableTimeToLive(Forgetting.after(horizon));
    oldMap = context.getMapState(seen);
  }

  /** Whether the transaction was seen before; from now on it was. */
  boolean wasSeen(String id, long nowMs) throws Exception {
    long since = nowMs - horizonMs;
    byte[] encoded = RecentIds.encoded(id);
    byte[] known = recent.value();
    if (known == null) known = RecentIds.none(flags());
    if (RecentIds.has(known, encoded, since)) return true;
    if (RecentIds.hasFlag(known, RecentIds.IN_BUCKETS)) {
      byte[] bucket = buckets.get(RecentIds.bucket(encoded));
      if (bucket != null && RecentIds.has(bucket, encoded, since)) return true;
    }
    if (RecentIds.hasFlag(known, RecentIds.IN_OLD_MAP) && oldMap.contains(id)) return true;
    if (RecentIds.isFull(known)) known = moved(known, since);
    recent.update(RecentIds.with(known, encoded, nowMs, since));
    return false;
  }

  /** Where identifiers are of a key without recent ones. */
  private int flags() throws Exception {
    int flags = oldMap.isEmpty() ? 0 : RecentIds.IN_OLD_MAP;
    return buckets.isEmpty() ? flags : flags | RecentIds.IN_BUCKETS;
  }

  /** What is left when all have been moved to their buckets. */
  private byte[] moved(byte[] ids, long since) throws Exception {
    for (var entry : RecentIds.byBucket(ids, since).entrySet()) {
      byte[] older = buckets.get(entry.getKey());
      byte[] newer = entry.getValue();
      byte[] all = older == null ? newer : RecentIds.joined(older, newer, since);
      buckets.put(entry.getKey(), all);
    }
    boolean hasOld = RecentIds.hasFlag(ids, RecentIds.IN_OLD_MAP) && !oldMap.isEmpty();
    return RecentIds.none(RecentIds.IN_BUCKETS | (hasOld ? RecentIds.IN_OLD_MAP : 0));
  }
}
