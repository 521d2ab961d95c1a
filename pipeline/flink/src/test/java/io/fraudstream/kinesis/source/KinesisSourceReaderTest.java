package io.fraudstream.kinesis.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a reader says of shards that were read to their ends, whenever it fails. */
class KinesisSourceReaderTest {
  private static final ShardSplit ENDED = new ShardSplit("ended", Position.SHARD_END);

  private final List<SourceEvent> events = new ArrayList<>();

  private final class Context implements SourceReaderContext {
    @Override
    public SourceReaderMetricGroup metricGroup() {
      return UnregisteredMetricsGroup.createSourceReaderMetricGroup();
    }

    @Override
    public Configuration getConfiguration() {
      return new Configuration();
    }

    @Override
    public String getLocalHostName() {
      return "here";
    }

    @Override
    public int getIndexOfSubtask() {
      return 0;
    }

    @Override
    public void sendSplitRequest() {}

    @Override
    public void sendSourceEventToCoordinator(SourceEvent event) {
      events.add(event);
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      return SimpleUserCodeClassLoader.create(getClass().getClassLoader());
    }
  }

  private KinesisSourceReader<String> reader() {
    return new KinesisSourceReader<>(
        () -> {
          throw new IllegalStateException("Nothing is to be read.");
        },
        (record, output, shard) -> {},
        new Context());
  }

  @Test
  @DisplayName("the end of a shard is in checkpoints until one that came after it is complete")
  void kept() throws Exception {
    KinesisSourceReader<String> reader = reader();
    reader.start();
    ShardProgress progress = new ShardProgress(new ShardSplit("ended", Position.after("5")));
    reader.onSplitFinished(Map.of("ended", progress));
    assertEquals(List.of(new ShardsOwnedEvent(List.of()), new ShardFinishedEvent("ended")), events);
    assertEquals(List.of(ENDED), reader.snapshotState(7));
    reader.notifyCheckpointComplete(6);
    assertEquals(List.of(ENDED), reader.snapshotState(8));
    reader.notifyCheckpointComplete(8);
    assertEquals(List.of(), reader.snapshotState(9));
  }

  @Test
  @DisplayName("a reader that restarts says which shards it has and which of them have ended")
  void restored() {
    KinesisSourceReader<String> reader = reader();
    reader.addSplits(List.of(ENDED));
    assertEquals(List.of(), events);
    reader.start();
    assertEquals(
        List.of(new ShardsOwnedEvent(List.of("ended")), new ShardFinishedEvent("ended")), events);
  }
}
