package io.fraudstream.kinesis.source;

/** How far the records of a shard have been emitted. */
final class ShardProgress {
  private final String shardId;
  private Position position;

  ShardProgress(ShardSplit split) {
    shardId = split.shardId();
    position = split.position();
  }

  String shardId() {
    return shardId;
  }

  void passed(String sequenceNumber) {
    position = Position.after(sequenceNumber);
  }

  ShardSplit split() {
    return new ShardSplit(shardId, position);
  }
}
