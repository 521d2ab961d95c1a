package io.fraudstream.kinesis.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.connector.base.source.reader.RecordEmitter;
import org.apache.flink.connector.base.source.reader.SingleThreadMultiplexSourceReaderBase;
import org.apache.flink.connector.base.source.reader.splitreader.SplitReader;
import software.amazon.awssdk.services.kinesis.model.Record;

/**
 * Reads the shards that the enumerator gives it and tells it of those that were read to their ends.
 *
 * <p>The enumerator's part of a checkpoint may be older than that news. So a finished shard stays
 * in the reader's part until a checkpoint is complete, and is told of again after a restart.
 */
final class KinesisSourceReader<T>
    extends SingleThreadMultiplexSourceReaderBase<Record, T, ShardSplit, ShardProgress> {
  /** Finished shards, and the first checkpoint that has them; 0 where none has yet. */
  private final Map<String, Long> finished = new LinkedHashMap<>();

  private final List<String> restored = new ArrayList<>();

  KinesisSourceReader(
      Supplier<SplitReader<Record, ShardSplit>> polling,
      RecordEmitter<Record, T, ShardProgress> emitter,
      SourceReaderContext context) {
    super(polling, emitter, context.getConfiguration(), context);
  }

  @Override
  public void start() {
    super.start();
    context.sendSourceEventToCoordinator(new ShardsOwnedEvent(List.copyOf(restored)));
    finished.keySet().forEach(this::tell);
  }

  private void tell(String shardId) {
    context.sendSourceEventToCoordinator(new ShardFinishedEvent(shardId));
  }

  /** Before the start, those of the checkpoint. */
  @Override
  public void addSplits(List<ShardSplit> splits) {
    List<ShardSplit> unread = new ArrayList<>();
    for (ShardSplit split : splits) {
      if (split.isRead()) finished.put(split.shardId(), 0L);
      else unread.add(split);
      restored.add(split.shardId());
    }
    if (!unread.isEmpty()) super.addSplits(unread);
  }

  @Override
  protected void onSplitFinished(Map<String, ShardProgress> shards) {
    for (String shardId : shards.keySet()) {
      finished.put(shardId, 0L);
      tell(shardId);
    }
  }

  @Override
  public List<ShardSplit> snapshotState(long checkpointId) {
    List<ShardSplit> splits = new ArrayList<>(super.snapshotState(checkpointId));
    finished.replaceAll((shardId, first) -> first == 0 ? checkpointId : first);
    for (String shardId : finished.keySet()) {
      splits.add(new ShardSplit(shardId, Position.SHARD_END));
    }
    return splits;
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    finished.values().removeIf(first -> first != 0 && first < checkpointId);
  }

  @Override
  protected ShardProgress initializedState(ShardSplit split) {
    return new ShardProgress(split);
  }

  @Override
  protected ShardSplit toSplitType(String shardId, ShardProgress progress) {
    return progress.split();
  }
}
