package io.fraudstream.kinesis.source;

import org.apache.flink.api.connector.source.SourceEvent;

/** From a reader: all of a closed shard was read. */
record ShardFinishedEvent(String shardId) implements SourceEvent {}
