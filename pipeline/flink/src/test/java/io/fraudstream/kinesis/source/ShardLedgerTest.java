package io.fraudstream.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fraudstream.kinesis.source.ShardLedger.Listed;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ShardLedgerTest {
  /** 0 was split into 1 and 2, which were merged into 3, which was split into 4 and 5. */
  private static final List<Listed> LISTING =
      List.of(
          listed("0"),
          listed("1", "0"),
          listed("2", "0"),
          listed("3", "1", "2"),
          listed("4", "3"),
          listed("5", "3"));

  private static Listed listed(String id, String... parents) {
    return new Listed(id, Set.of(parents));
  }

  private static ShardLedger ledger() {
    return new ShardLedger(new ShardEnumeratorState(Position.TRIM_HORIZON, List.of()));
  }

  private static List<String> ready(ShardLedger ledger) {
    return ledger.ready().stream().map(ShardSplit::shardId).toList();
  }

  private static Set<String> known(ShardLedger ledger) {
    Set<String> ids = new TreeSet<>();
    ledger.snapshot().shards().forEach(one -> ids.add(one.split().shardId()));
    return ids;
  }

  private static void begin(ShardLedger ledger) {
    ready(ledger).forEach(ledger::began);
  }

  @Test
  @DisplayName("children wait for all of their parents, over splits and merges")
  void lineage() {
    ShardLedger ledger = ledger();
    ledger.list(LISTING);
    assertEquals(List.of("0"), ready(ledger));
    begin(ledger);
    assertEquals(List.of(), ready(ledger));
    ledger.finished("0");
    assertEquals(List.of("1", "2"), ready(ledger));
    begin(ledger);
    ledger.finished("2");
    assertEquals(List.of(), ready(ledger), "3 has another parent");
    ledger.finished("1");
    assertEquals(List.of("3"), ready(ledger));
    begin(ledger);
    ledger.finished("3");
    assertEquals(List.of("4", "5"), ready(ledger));
  }

  @Test
  @DisplayName("a shard that was read is forgotten when its children began, and never comes again")
  void forgotten() {
    ShardLedger ledger = ledger();
    ledger.list(LISTING);
    for (String id : List.of("0", "1", "2", "3")) {
      begin(ledger);
      ledger.finished(id);
    }
    begin(ledger);
    assertEquals(Set.of("4", "5"), known(ledger));
    ledger.list(LISTING);
    assertEquals(Set.of("4", "5"), known(ledger));
    ledger.list(LISTING.subList(4, 6));
    assertEquals(Set.of("4", "5"), known(ledger));
  }

  @Test
  @DisplayName("one that ends before its children are listed is kept until they are")
  void childrenLater() {
    ShardLedger ledger = ledger();
    ledger.list(LISTING.subList(0, 1));
    begin(ledger);
    ledger.finished("0");
    assertTrue(ledger.lacksChildren("0"));
    ledger.list(LISTING.subList(0, 3));
    assertEquals(List.of("1", "2"), ready(ledger));
  }

  @Test
  @DisplayName("a listing without a shard that is being read changes nothing about it")
  void partialListing() {
    ShardLedger ledger = ledger();
    ledger.list(LISTING.subList(0, 1));
    begin(ledger);
    ledger.list(List.of());
    assertEquals(Set.of("0"), known(ledger));
    ledger.finished("0");
    ledger.list(List.of());
    assertEquals(Set.of(), known(ledger), "its records are kept no longer");
  }

  @Test
  @DisplayName("a split that is given back waits again, at its position, and its children for it")
  void givenBack() {
    ShardLedger ledger = ledger();
    ledger.list(LISTING.subList(0, 3));
    begin(ledger);
    ledger.finished("0");
    begin(ledger);
    assertEquals(Set.of("1", "2"), known(ledger));
    ledger.givenBack(new ShardSplit("1", Position.after("77")));
    assertEquals(List.of(new ShardSplit("1", Position.after("77"))), ledger.ready());
    // A reader that restarts has the parent in its checkpoint, which is older than its end.
    ledger.owned("0");
    assertEquals(List.of(), ready(ledger));
    ledger.finished("0");
    assertEquals(List.of("1"), ready(ledger));
  }

  @Test
  @DisplayName("what is found after a restart is read from the beginning of the first start")
  void beginning() {
    Position first = Position.atTimestamp(1_000);
    ShardLedger ledger = new ShardLedger(new ShardEnumeratorState(first, List.of()));
    ledger.list(LISTING.subList(0, 1));
    begin(ledger);
    ShardLedger restarted = new ShardLedger(ledger.snapshot());
    restarted.finished("0");
    restarted.list(LISTING.subList(0, 3));
    assertEquals(
        List.of(new ShardSplit("1", first), new ShardSplit("2", first)), restarted.ready());
  }

  @Test
  @DisplayName("splits and the enumerator's state come back from a checkpoint as they were")
  void serialized() throws Exception {
    ShardLedger ledger = ledger();
    ledger.list(LISTING);
    begin(ledger);
    ledger.finished("0");
    ledger.began("1");
    ledger.givenBack(new ShardSplit("2", Position.atTimestamp(1_767_225_600_123L)));
    var states = new ShardEnumeratorStateSerializer();
    var state = ledger.snapshot();
    assertEquals(state, states.deserialize(1, states.serialize(state)));
    var splits = new ShardSplitSerializer();
    for (Position position :
        List.of(
            Position.TRIM_HORIZON,
            Position.SHARD_END,
            Position.atTimestamp(5),
            Position.after("4".repeat(56)))) {
      ShardSplit split = new ShardSplit("shardId-000000000001", position);
      assertEquals(split, splits.deserialize(1, splits.serialize(split)));
    }
  }
}
