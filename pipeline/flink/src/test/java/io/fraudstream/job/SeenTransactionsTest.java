package io.fraudstream.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeenTransactionsTest {
  private static final long HORIZON_MS = 60_000;

  private static byte[] with(byte[] ids, String id, long nowMs) {
    return RecentIds.with(ids, RecentIds.encoded(id), nowMs, nowMs - HORIZON_MS);
  }

  private static boolean has(byte[] ids, String id, long nowMs) {
    return RecentIds.has(ids, RecentIds.encoded(id), nowMs - HORIZON_MS);
  }

  @ParameterizedTest
  @DisplayName("identifiers are told apart by each of their characters")
  @ValueSource(
      strings = {
        "0c4b6d3e-1f2a-4b5c-8d7e-9f0a1b2c3d4e",
        "0C4B6D3E-1F2A-4B5C-8D7E-9F0A1B2C3D4E",
        "0c4b6d3e-1f2a-4b5c-8d7e-9f0a1b2c3d4f",
        "c4b6d3e-1f2a-4b5c-8d7e-9f0a1b2c3d4e0",
        "+c4b6d3e-1f2a-4b5c-8d7e-9f0a1b2c3d4e",
        "------------------------------------",
        "1",
        "01",
        "caf\u00e9",
        "caf\u20ac",
        "\ud800",
        "\udfff",
        "?"
      })
  void forms(String id) {
    byte[] ids = RecentIds.none(0);
    for (String other : List.of("2", "cafe", "\ufffd", "0c4b6d3e-1f2a-4b5c-8d7e-9f0a1b2c3d40")) {
      ids = with(ids, other, 1_000_000);
    }
    assertFalse(has(ids, id, 1_000_000));
    ids = with(ids, id, 1_000_000);
    assertTrue(has(ids, id, 1_000_000));
    int bucket = RecentIds.bucket(RecentIds.encoded(id));
    Map<Integer, byte[]> buckets = RecentIds.byBucket(ids, 0);
    assertTrue(has(buckets.get(bucket), id, 1_000_000));
    assertFalse(has(buckets.get(bucket), id + "x", 1_000_000));
  }

  @Test
  @DisplayName("an identifier is remembered for the whole horizon, and not for long after it")
  void horizon() {
    byte[] ids = with(RecentIds.none(0), "a", 1_000_999);
    assertTrue(has(ids, "a", 1_000_999 + HORIZON_MS));
    assertFalse(has(ids, "a", 1_002_000 + HORIZON_MS));
    ids = with(ids, "b", 1_002_000 + HORIZON_MS);
    assertEquals(RecentIds.none(0).length + 6 + 2, ids.length);
  }

  @Test
  @DisplayName("what is seen is what a set of all has, of whatever number and over buckets")
  void modelled() {
    Random random = new Random(7);
    byte[] ids = RecentIds.none(0);
    Map<Integer, byte[]> buckets = new HashMap<>();
    Set<String> all = new HashSet<>();
    for (int turn = 0; turn < 2_000; turn++) {
      int number = random.nextInt(1_500);
      String id = number % 2 == 0 ? new UUID(7, number).toString() : "id-" + number;
      byte[] none = RecentIds.none(0);
      byte[] bucket = buckets.getOrDefault(RecentIds.bucket(RecentIds.encoded(id)), none);
      boolean wasSeen = has(ids, id, 1_000_000) || has(bucket, id, 1_000_000);
      assertEquals(!all.add(id), wasSeen, id);
      if (wasSeen) continue;
      if (RecentIds.isFull(ids)) {
        RecentIds.byBucket(ids, 0)
            .forEach((key, ones) -> buckets.merge(key, ones, (a, b) -> RecentIds.joined(a, b, 0)));
        ids = none;
      }
      ids = with(ids, id, 1_000_000);
    }
    assertTrue(buckets.size() > 1);
  }
}
