package io.fraudstream.kinesis.source;

import io.fraudstream.kinesis.source.ShardLedger.Known;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The form of the enumerator's state: the beginning, then each known shard, its stage, its parents.
 */
final class ShardEnumeratorStateSerializer
    implements SimpleVersionedSerializer<ShardEnumeratorState> {
  private static final int VERSION = 1;
  private static final int USUAL_BYTES = 1024;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(ShardEnumeratorState state) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(USUAL_BYTES);
    ShardSplitSerializer.writePosition(state.beginning(), out);
    out.writeInt(state.shards().size());
    for (Known shard : state.shards()) {
      ShardSplitSerializer.write(shard.split(), out);
      out.writeByte(shard.stage().ordinal());
      out.writeInt(shard.parents().size());
      for (String parent : new TreeSet<>(shard.parents())) out.writeUTF(parent);
    }
    return out.getCopyOfBuffer();
  }

  @Override
  public ShardEnumeratorState deserialize(int version, byte[] bytes) throws IOException {
    ShardSplitSerializer.check("the shards of a stream", version, VERSION);
    DataInputDeserializer in = new DataInputDeserializer(bytes);
    Position beginning = ShardSplitSerializer.readPosition(in);
    int count = in.readInt();
    List<Known> shards = new ArrayList<>(count);
    for (int shard = 0; shard < count; shard++) {
      ShardSplit split = ShardSplitSerializer.read(in);
      ShardLedger.Stage stage = ShardLedger.Stage.values()[in.readByte()];
      Set<String> parents = new TreeSet<>();
      for (int left = in.readInt(); left > 0; left--) parents.add(in.readUTF());
      shards.add(new Known(split, parents, stage));
    }
    return new ShardEnumeratorState(beginning, shards);
  }
}
