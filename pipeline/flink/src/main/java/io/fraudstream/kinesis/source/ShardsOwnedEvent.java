package io.fraudstream.kinesis.source;

import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/** From a reader that starts: the shards that its checkpoint left it. */
record ShardsOwnedEvent(List<String> shardIds) implements SourceEvent {}
