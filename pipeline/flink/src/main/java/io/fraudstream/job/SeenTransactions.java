package io.fraudstream.job;

import java.time.Duration;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;

/**
 * The transactions of the current key that were handled within a span of time; at least so long.
 *
 * <p>The last ones are a few bytes each in one value ({@link RecentIds}). Only of a card with more
 * of them the earlier ones are in a map, where each costs several objects or a row of its own.
 * State of earlier jars has all in the map.
 */
final class SeenTransactions {
  private final long horizonMs;
  private final ValueState<byte[]> recent;
  private final MapState<String, Boolean> earlier;

  SeenTransactions(RuntimeContext context, Duration horizon) {
    horizonMs = horizon.toMillis();
    var ids = new ValueStateDescriptor<>("recent-transactions", byte[].class);
    ids.enableTimeToLive(Forgetting.after(horizon));
    recent = context.getState(ids);
    var seen = new MapStateDescriptor<>("seen-transactions", String.class, Boolean.class);
    seen.enableTimeToLive(Forgetting.after(horizon));
    earlier = context.getMapState(seen);
  }

  /** Whether the transaction was seen before; from now on it was. */
  boolean wasSeen(String id, long nowMs) throws Exception {
    byte[] encoded = RecentIds.encoded(id);
    byte[] known = recent.value();
    if (known == null) known = RecentIds.none(!earlier.isEmpty());
    long since = nowMs - horizonMs;
    if (RecentIds.has(known, encoded, since)) return true;
    if (RecentIds.hasEarlier(known) && earlier.contains(id)) return true;
    String moved = RecentIds.surplus(known, since);
    if (moved != null) earlier.put(moved, true);
    recent.update(RecentIds.with(known, encoded, nowMs, since));
    return false;
  }
}
