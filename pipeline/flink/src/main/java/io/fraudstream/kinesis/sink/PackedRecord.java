package io.fraudstream.kinesis.sink;

import java.util.Set;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/**
 * One Kinesis record to put and the entries in it.
 *
 * @param indexes of the entries in their batch
 * @param keys partition keys of the entries
 * @param shardId the shard that is expected to take it; null where that does not matter
 * @param round in which it is put: after all earlier ones that share a key with it
 */
record PackedRecord(
    PutRecordsRequestEntry entry,
    int[] indexes,
    Set<String> keys,
    String shardId,
    int round,
    int sizeBytes) {}
