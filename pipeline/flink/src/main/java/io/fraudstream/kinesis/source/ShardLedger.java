package io.fraudstream.kinesis.source;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The shards of a stream that matter: those to read, those being read, and those whose children
 * wait for them.
 *
 * <p>A shard may be read when all of its parents that are known were read to their ends, so that
 * the records of a key stay in order when shards are split and merged. A shard that was read is
 * forgotten once its children have begun; it is in the listing for as long as its records are kept,
 * and is recognised there as an ancestor of known shards.
 */
final class ShardLedger {
  /** How far a shard has come; savepoints hold the ordinals. */
  enum Stage {
    WAITING,
    READING,
    FINISHED
  }

  /** A shard as Kinesis lists it. */
  record Listed(String shardId, Set<String> parents) {}

  /** A known shard. The position counts while it waits; afterwards its reader has it. */
  record Known(ShardSplit split, Set<String> parents, Stage stage) {
    Known at(Stage next) {
      return new Known(split, parents, next);
    }
  }

  private final Position beginning;
  private final Map<String, Known> known = new LinkedHashMap<>();

  ShardLedger(ShardEnumeratorState restored) {
    beginning = restored.beginning();
    for (Known shard : restored.shards()) known.put(shard.split.shardId(), shard);
  }

  ShardEnumeratorState snapshot() {
    return new ShardEnumeratorState(beginning, List.copyOf(known.values()));
  }

  /** Takes in what Kinesis lists: new shards wait, those that nothing waits for are forgotten. */
  void list(List<Listed> listing) {
    Set<String> past = ancestors(listing);
    Set<String> listed = new HashSet<>();
    for (Listed shard : listing) {
      listed.add(shard.shardId);
      if (known.containsKey(shard.shardId) || past.contains(shard.shardId)) continue;
      ShardSplit split = new ShardSplit(shard.shardId, beginning);
      known.put(shard.shardId, new Known(split, shard.parents, Stage.WAITING));
    }
    // Kinesis keeps no record of it any more, nor tells of its children.
    known.values().removeIf(one -> isFinished(one) && !listed.contains(one.split.shardId()));
    forget();
  }

  /** All shards from which known ones came, however far back. */
  private Set<String> ancestors(List<Listed> listing) {
    Map<String, Set<String>> parents = new HashMap<>();
    for (Listed shard : listing) parents.put(shard.shardId, shard.parents);
    Set<String> found = new HashSet<>();
    List<String> open = new ArrayList<>();
    for (Known shard : known.values()) open.addAll(shard.parents);
    while (!open.isEmpty()) {
      String shardId = open.remove(open.size() - 1);
      if (found.add(shardId)) open.addAll(parents.getOrDefault(shardId, Set.of()));
    }
    return found;
  }

  /** Shards that may be read now. */
  List<ShardSplit> ready() {
    return known.values().stream()
        .filter(shard -> shard.stage == Stage.WAITING && isTurnOf(shard))
        .map(Known::split)
        .toList();
  }

  private boolean isTurnOf(Known shard) {
    return shard.parents.stream()
        .allMatch(parent -> !known.containsKey(parent) || isFinished(known.get(parent)));
  }

  private static boolean isFinished(Known shard) {
    return shard.stage == Stage.FINISHED;
  }

  long waiting() {
    return known.values().stream().filter(shard -> shard.stage == Stage.WAITING).count();
  }

  void began(String shardId) {
    known.computeIfPresent(shardId, (id, shard) -> shard.at(Stage.READING));
    forget();
  }

  /** A reader that restarts from a checkpoint has it, whatever came of it afterwards. */
  void owned(String shardId) {
    Known before = known.get(shardId);
    ShardSplit split = before == null ? new ShardSplit(shardId, beginning) : before.split;
    Set<String> parents = before == null ? Set.of() : before.parents;
    known.put(shardId, new Known(split, parents, Stage.READING));
  }

  /** Comes more than once where a job restarts from a checkpoint. */
  void finished(String shardId) {
    known.computeIfPresent(shardId, (id, shard) -> shard.at(Stage.FINISHED));
    forget();
  }

  /** A reader that failed had it since the last checkpoint. */
  void givenBack(ShardSplit split) {
    Known before = known.get(split.shardId());
    Set<String> parents = before == null ? Set.of() : before.parents;
    Stage stage = split.isRead() ? Stage.FINISHED : Stage.WAITING;
    known.put(split.shardId(), new Known(split, parents, stage));
  }

  /** Whether a finished shard has no known child yet: the next look may bring them. */
  boolean lacksChildren(String shardId) {
    return known.containsKey(shardId) && childrenOf(shardId).isEmpty();
  }

  private void forget() {
    List<String> done =
        known.values().stream()
            .filter(ShardLedger::isFinished)
            .map(shard -> shard.split.shardId())
            .filter(this::haveChildrenBegun)
            .toList();
    done.forEach(known::remove);
  }

  private boolean haveChildrenBegun(String shardId) {
    List<Known> children = childrenOf(shardId);
    return !children.isEmpty()
        && children.stream().noneMatch(child -> child.stage == Stage.WAITING);
  }

  private List<Known> childrenOf(String shardId) {
    return known.values().stream().filter(shard -> shard.parents.contains(shardId)).toList();
  }
}
