package io.fraudstream.kinesis.source;

import java.util.List;

/**
 * What a checkpoint keeps of the enumerator.
 *
 * @param beginning where shards that were not known yet are read from. That of the first start: a
 *     later one, such as the latest of the restart, would leave out what was put into a shard that
 *     was split in between
 * @param shards the known shards
 */
record ShardEnumeratorState(Position beginning, List<ShardLedger.Known> shards) {}
