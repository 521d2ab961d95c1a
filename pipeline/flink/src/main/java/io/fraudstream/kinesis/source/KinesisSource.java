package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.StreamAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.util.clock.SystemClock;

/**
 * A stream of Kinesis as a source of Flink (FLIP-27): shards are its splits, and KPL aggregates are
 * taken apart.
 *
 * <p>Shards are read by GetRecords. Reading goes on from the last checkpoint, at least once for
 * each record by itself and exactly once in the state of the job.
 */
public final class KinesisSource<T>
    implements Source<T, ShardSplit, ShardEnumeratorState>, ResultTypeQueryable<T> {
  private static final long serialVersionUID = 1;

  private final StreamAddress address;
  private final Position beginning;
  private final Duration discovery;
  private final Duration pollInterval;
  private final UserRecordDeserializer<T> deserializer;

  /**
   * @param beginning where shards are read from when there is no checkpoint
   * @param discovery between two looks for new shards
   * @param pollInterval between two reads of a shard, at least
   */
  public KinesisSource(
      StreamAddress address,
      Position beginning,
      Duration discovery,
      Duration pollInterval,
      UserRecordDeserializer<T> deserializer) {
    this.address = address;
    this.beginning = beginning;
    this.discovery = discovery;
    this.pollInterval = pollInterval;
    this.deserializer = deserializer;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SplitEnumerator<ShardSplit, ShardEnumeratorState> createEnumerator(
      SplitEnumeratorContext<ShardSplit> context) {
    return restoreEnumerator(context, new ShardEnumeratorState(beginning, List.of()));
  }

  @Override
  public SplitEnumerator<ShardSplit, ShardEnumeratorState> restoreEnumerator(
      SplitEnumeratorContext<ShardSplit> context, ShardEnumeratorState state) {
    ShardLedger ledger = new ShardLedger(state);
    return new ShardEnumerator(context, address, new KinesisReads(address), ledger, discovery);
  }

  @Override
  public SourceReader<T, ShardSplit> createReader(SourceReaderContext context) {
    ReadMetrics metrics = new ReadMetrics(context.metricGroup());
    return new KinesisSourceReader<>(
        () ->
            new ShardPolling(
                address,
                new KinesisReads(address),
                SystemClock.getInstance(),
                () -> ThreadLocalRandom.current().nextDouble(),
                pollInterval.toMillis(),
                metrics),
        new UserRecordEmitter<>(deserializer, context.metricGroup()),
        context);
  }

  @Override
  public SimpleVersionedSerializer<ShardSplit> getSplitSerializer() {
    return new ShardSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<ShardEnumeratorState> getEnumeratorCheckpointSerializer() {
    return new ShardEnumeratorStateSerializer();
  }

  @Override
  public TypeInformation<T> getProducedType() {
    return deserializer.getProducedType();
  }
}
