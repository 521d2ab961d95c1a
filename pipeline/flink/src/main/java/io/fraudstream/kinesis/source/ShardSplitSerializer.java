package io.fraudstream.kinesis.source;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/** The form of a split in checkpoints: shard, kind of position, timestamp, sequence number. */
final class ShardSplitSerializer implements SimpleVersionedSerializer<ShardSplit> {
  private static final int VERSION = 1;
  private static final int USUAL_BYTES = 128;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(ShardSplit split) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(USUAL_BYTES);
    write(split, out);
    return out.getCopyOfBuffer();
  }

  @Override
  public ShardSplit deserialize(int version, byte[] bytes) throws IOException {
    check("a shard", version, VERSION);
    return read(new DataInputDeserializer(bytes));
  }

  static void write(ShardSplit split, DataOutputView out) throws IOException {
    out.writeUTF(split.shardId());
    writePosition(split.position(), out);
  }

  static void writePosition(Position position, DataOutputView out) throws IOException {
    out.writeByte(position.kind().ordinal());
    out.writeLong(position.at());
    out.writeUTF(position.after());
  }

  static ShardSplit read(DataInputView in) throws IOException {
    return new ShardSplit(in.readUTF(), readPosition(in));
  }

  static Position readPosition(DataInputView in) throws IOException {
    Position.Kind kind = Position.Kind.values()[in.readByte()];
    return new Position(kind, in.readLong(), in.readUTF());
  }

  static void check(String what, int version, int known) throws IOException {
    if (version == known) return;
    throw new IOException(
        "The savepoint has %s in form %d; this jar reads form %d. Use the jar that wrote it."
            .formatted(what, version, known));
  }
}
