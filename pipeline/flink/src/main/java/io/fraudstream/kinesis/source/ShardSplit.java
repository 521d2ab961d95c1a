package io.fraudstream.kinesis.source;

import org.apache.flink.api.connector.source.SourceSplit;

/** One shard and where reading of it goes on. */
public record ShardSplit(String shardId, Position position) implements SourceSplit {
  @Override
  public String splitId() {
    return shardId;
  }

  boolean isRead() {
    return position.kind() == Position.Kind.SHARD_END;
  }
}
